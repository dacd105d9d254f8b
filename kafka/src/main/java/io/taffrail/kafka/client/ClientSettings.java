package io.taffrail.kafka.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Connection settings of a client.
 *
 * @param bootstrap
 *            {@code HOST:PORT}, several separated by commas
 * @param timeout
 *            longest wait for one response
 * @param properties
 *            settings of Kafka's clients under their own names; these override all others
 */
public record ClientSettings(String bootstrap, Duration timeout, Map<String, String> properties) {

    public ClientSettings {
        properties = Map.copyOf(properties);
    }

    /** Settings with a timeout of 30 seconds and no further properties. */
    public static ClientSettings of(String bootstrap) {
        return new ClientSettings(bootstrap, Duration.ofSeconds(30), Map.of());
    }

    /**
     * These settings as Kafka's clients expect them, together with {@code more} for one kind of
     * client.
     */
    Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>();
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "taffrail");
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs());
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs());
        // JMX metrics and telemetry are of no use to a command that runs for a second.
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        all.putAll(more);
        all.putAll(properties);
        return all;
    }

    int timeoutMs() {
        return Math.toIntExact(Math.min(timeout.toMillis(), Integer.MAX_VALUE / 2));
    }
}
