package io.taffrail.http.console;

import io.taffrail.broker.group.ReaderGroups.Position;
import io.taffrail.broker.why.Cause;
import io.taffrail.broker.why.Cause.Kind;
import io.taffrail.log.spi.ReadableLog;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The lag of a group's partition in time, and the cause of it. Reads the log; may block. */
record PartitionLag(InstantSource clock) {

    /** The age of the oldest record that was not read; 0 if all were read, null if unknown. */
    @Nullable
    Long ms(ReadableLog log, long offset) {
        if (offset >= log.lastStableOffset()) {
            return 0L;
        }
        OptionalLong timeMs = BacklogRoutes.time(log, OptionalLong.of(offset));
        return timeMs.isEmpty() ? null : Math.max(0, clock.millis() - timeMs.getAsLong());
    }

    /** The causes for which records wait. */
    List<Map<String, Object>> causes(ReadableLog log, Position position, boolean noMembers,
            boolean assigned) {
        long end = log.lastStableOffset();
        if (position.offset() >= end) {
            return log.durableEnd() > end
                    ? one(Kind.UNDER_WAY, "A transaction is open: "
                            + (log.durableEnd() - end) + " records behind it wait for its end.")
                    : one(Kind.NOTHING_WAITS, "The group has read everything.");
        }
        if (position.offset() < log.startOffset()) {
            return one(Kind.READER_BEHIND, (log.startOffset() - position.offset())
                    + " records were deleted before the group read them; it goes on at "
                    + log.startOffset() + ".");
        }
        if (noMembers) {
            return one(Kind.NO_CONSUMER, "The group has no members: nobody reads.");
        }
        return assigned
                ? one(Kind.READER_BEHIND, "The member reads slower than records arrive, or has"
                        + " not committed what it read.")
                : one(Kind.NO_CONSUMER, "No member of the group has this partition.");
    }

    private static List<Map<String, Object>> one(Kind kind, String text) {
        return WhyRoutes.causes(List.of(new Cause(kind, text)));
    }
}
