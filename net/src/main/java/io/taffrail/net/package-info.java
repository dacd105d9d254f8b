/**
 * Networking shared by the protocol heads: event loops, which the domain sees as owners of logs;
 * listening sockets; the registry of a head's connections with its limits; and the memory budget
 * for client data.
 *
 * <p>
 * A head opens a {@link io.taffrail.net.Listener} with a
 * {@link io.taffrail.net.ConnectionRegistry}, and for each connection a
 * {@link io.taffrail.net.MemoryShare} of {@link io.taffrail.net.EventLoops#memory}. It charges the
 * share with the memory of received bytes and of answers, releases it once they are processed or
 * sent, and closes the share with the connection. While a charge waits, the head stops reading from
 * that connection only. While any charge waits ({@link io.taffrail.net.MemoryBudget#isShort}),
 * the head closes connections that hold more than their floor and make no progress.
 */
@NullMarked
package io.taffrail.net;

import org.jspecify.annotations.NullMarked;
