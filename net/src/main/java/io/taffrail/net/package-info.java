/**
 * What protocol heads share: event loops, seen by the domain as owners of logs; the listening
 * socket; the registry of a head's connections with its limits; and the budget of memory that
 * clients of the process may make it hold.
 *
 * <p>
 * A head opens a {@link io.taffrail.net.Listener} with a
 * {@link io.taffrail.net.ConnectionRegistry}, and for each connection a
 * {@link io.taffrail.net.MemoryShare} of {@link io.taffrail.net.EventLoops#memory}. It charges the
 * share with the memory that received bytes and answers take, releases it when what held them is
 * done, and closes the share with the connection. Where a charge has to wait the head stops reading
 * that connection and no other. While anybody waits
 * ({@link io.taffrail.net.MemoryBudget#isShort}) the head ends connections that hold more than
 * their floor and make no progress.
 */
@NullMarked
package io.taffrail.net;

import org.jspecify.annotations.NullMarked;
