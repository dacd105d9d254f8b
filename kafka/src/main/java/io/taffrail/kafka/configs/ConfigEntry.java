package io.taffrail.kafka.configs;

import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * One setting with the source of its value.
 *
 * @param readOnly
 *            true if a client cannot change it while the broker runs
 * @param synonyms
 *            every value that is set for it, the highest precedence first
 */
public record ConfigEntry(String name, String value, ConfigSource source, boolean readOnly,
        ConfigType type, String doc, List<Synonym> synonyms) {

    /** A value that is set under one of the setting's names. */
    public record Synonym(String name, String value, ConfigSource source) {}
}
