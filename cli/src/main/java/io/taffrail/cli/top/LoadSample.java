package io.taffrail.cli.top;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Status and contents of a broker at one moment.
 *
 * @param atNs
 *            the moment, by a clock that only grows, in nanoseconds
 * @param status
 *            the status report
 * @param loads
 *            topics and queues, by what identifies them
 */
record LoadSample(long atNs, Map<?, ?> status, Map<List<String>, Load> loads) {

    /**
     * One topic or queue.
     *
     * @param endOffsets
     *            grows with each stored message; empty if the queue is not kept over a restart
     * @param waiting
     *            ready and unacknowledged messages; empty for topics and streams
     */
    record Load(Map<?, ?> fields, OptionalLong endOffsets, OptionalLong waiting) {

        String text(String field) {
            Object value = fields.get(field);
            return value == null ? "" : String.valueOf(value);
        }
    }

    static LoadSample of(long atNs, Map<?, ?> status, List<Map<?, ?>> objects) {
        Map<List<String>, Load> loads = new LinkedHashMap<>();
        for (Map<?, ?> object : objects) {
            OptionalLong ready = number(object, "ready");
            String kind = String.valueOf(object.get("kind"));
            Load load = new Load(object, number(object, "end_offsets"),
                    ready.isEmpty() || kind.equals("stream")
                            ? OptionalLong.empty()
                            : OptionalLong.of(ready.getAsLong()
                                    + number(object, "unacknowledged").orElse(0)));
            loads.put(List.of(load.text("vhost"), load.text("name"), kind), load);
        }
        return new LoadSample(atNs, status, loads);
    }

    /** A field that is a whole number; empty for others. */
    static OptionalLong number(Map<?, ?> object, String field) {
        return object.get(field) instanceof BigDecimal number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }
}
