package io.taffrail.bench.report;

import io.taffrail.bench.broker.Peer;
import java.util.stream.Collectors;

/**
 * One measured run.
 *
 * @param round
 *            1 for the first pair
 */
public record Run(String scenario, String variant, Peer peer, int round, Readings readings) {
    /** A flat JSON object: figures under {@link Metric#key}, the rest as text. */
    public String json() {
        String figures = readings.values().entrySet().stream()
                .map(e -> ",\"%s\":%s".formatted(e.getKey().key(), Double.toString(e.getValue())))
                .collect(Collectors.joining());
        return "{\"scenario\":\"%s\",\"broker\":\"%s\",\"variant\":\"%s\",\"round\":%d%s,\"client_busiest_thread\":\"%s\"}"
                .formatted(scenario, peer, variant, round, figures,
                        readings.busiestClientThread().replace("\"", "'"));
    }
}
