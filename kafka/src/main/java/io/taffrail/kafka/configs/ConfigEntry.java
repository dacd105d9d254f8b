package io.taffrail.kafka.configs;

import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * One setting with where its value comes from.
 *
 * @param readOnly
 *            whether a client may not change it while the broker runs
 * @param synonyms
 *            every value it has by some name, the strongest first
 */
public record ConfigEntry(String name, String value, ConfigSource source, boolean readOnly,
        ConfigType type, String doc, List<Synonym> synonyms) {

    /** A value by one of the names. */
    public record Synonym(String name, String value, ConfigSource source) {}
}
