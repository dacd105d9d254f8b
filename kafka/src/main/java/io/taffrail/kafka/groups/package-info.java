/**
 * Consumer groups: membership, assignment and committed offsets, by Kafka's own
 * {@code GroupCoordinatorService} over the topic {@code __consumer_offsets}.
 *
 * <p>
 * Threads. A group belongs to a shard, one for each partition of the topic, and shards run on
 * Kafka's coordinator thread. Handlers are called on a connection's event loop, enqueue an event
 * for the shard and return; replies complete on the coordinator thread. To append, the coordinator
 * thread hands the batch to the partition's owner and waits for its offset
 * ({@link io.taffrail.kafka.groups.OffsetsLogWriter}). No owner ever waits for the coordinator
 * thread, so the two cannot wait for each other; {@link io.taffrail.kafka.groups.Groups#close} must
 * for that reason not be called on an owner's thread. A reply is held back until the durable end of
 * the log has passed what it wrote, so what a client was told survives as its topic's durability
 * says.
 */
@NullMarked
package io.taffrail.kafka.groups;

import org.jspecify.annotations.NullMarked;
