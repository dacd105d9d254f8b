/**
 * Consumer groups: membership, assignment and committed offsets, served by Kafka's own
 * {@code GroupCoordinatorService} over the topic {@code __consumer_offsets}.
 *
 * <p>
 * Threads. Each group belongs to a shard; there is one shard for each partition of the topic.
 * Shards run on Kafka's coordinator thread. Handlers are called on a connection's event loop,
 * enqueue an event for the shard and return; replies complete on the coordinator thread. To append,
 * the coordinator thread hands the batch to the partition's owner and waits for its offset
 * ({@link io.taffrail.kafka.groups.OffsetsLogWriter}). No owner ever waits for the coordinator
 * thread, so the two cannot deadlock. For this reason {@link io.taffrail.kafka.groups.Groups#close}
 * must not be called on an owner's thread. A reply is delayed until the durable end of the log is
 * past the records of its request, so an acknowledged change survives a crash as the topic's
 * durability settings promise.
 */
@NullMarked
package io.taffrail.kafka.groups;

import org.jspecify.annotations.NullMarked;
