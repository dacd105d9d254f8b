package io.taffrail.net;

import io.taffrail.log.config.Key;

/** Configuration shared by all protocol heads. */
public record NetConfig(
        @Key(value = "memory.budget.bytes", byDefault = "0", retired = "queued.max.request.bytes", doc = "Memory budget of the clients of both protocols, in bytes: requests received and not yet handled, responses not yet taken. 0: half of the process's direct memory limit.") long memoryBudgetBytes,
        @Key(value = "memory.connection.share.bytes", byDefault = "1048576", doc = "Share of the memory budget that one connection may hold, in bytes, before it competes with other large requests for the half that is kept for those.") int connectionShareBytes,
        @Key(value = "memory.stalled.connection.ms", byDefault = "3000", doc = "Time after which a connection that holds memory others wait for is closed if it neither completes its request nor takes its response, in milliseconds.") int stalledMs) {

    public NetConfig {
        if (memoryBudgetBytes < 0) {
            throw new IllegalArgumentException(
                    "memory.budget.bytes: Value must be at least 0, not " + memoryBudgetBytes);
        }
        if (connectionShareBytes < MemoryBudget.FLOOR_BYTES) {
            throw new IllegalArgumentException("memory.connection.share.bytes: Value must be at"
                    + " least " + MemoryBudget.FLOOR_BYTES + ", not " + connectionShareBytes);
        }
        if (stalledMs < 1) {
            throw new IllegalArgumentException(
                    "memory.stalled.connection.ms: Value must be at least 1, not " + stalledMs);
        }
    }

    /** The configuration if no key is set. */
    public static NetConfig defaults() {
        return new NetConfig(0, 1 << 20, 3000);
    }
}
