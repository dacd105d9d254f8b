package io.taffrail.bench.report;

import io.taffrail.bench.broker.Peer;
import java.util.stream.Collectors;

/**
 * One measured run.
 *
 * @param round
 *            number of the round, from 1
 */
public record Run(String scenario, String variant, Peer peer, int round, Readings readings) {
    /**
     * Returns a flat JSON object with the figures under {@link Metric#key} and
     * everything else as text.
     */
    public String json() {
        String figures = readings.values().entrySet().stream()
                .map(e -> ",\"%s\":%s".formatted(e.getKey().key(), Double.toString(e.getValue())))
                .collect(Collectors.joining());
        return "{\"scenario\":\"%s\",\"broker\":\"%s\",\"variant\":\"%s\",\"round\":%d%s,\"client_busiest_thread\":\"%s\"}"
                .formatted(scenario, peer, variant, round, figures,
                        readings.busiestClientThread().replace("\"", "'"));
    }
}
