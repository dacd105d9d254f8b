package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import java.util.List;
import java.util.function.Function;

/**
 * The definition of one topic setting, by Kafka's name.
 *
 * @param brokerKeys
 *            settings of the broker that give its default, in order of precedence; empty if the
 *            default is fixed
 * @param inherited
 *            its value where the topic sets none
 * @param hidden
 *            whether it is accepted but not listed (Kafka's {@code internal.*})
 */
public record TopicSetting(String name, Kind kind, List<String> brokerKeys,
        Function<BrokerConfig, String> inherited, SettingRule rule, boolean hidden, String doc) {

    /** The type of the value. */
    public enum Kind {
        BOOLEAN, STRING, INT, LONG, DOUBLE, LIST
    }

    TopicSetting follows(String... keys) {
        return new TopicSetting(name, kind, List.of(keys), inherited, rule, hidden, doc);
    }

    TopicSetting asHidden() {
        return new TopicSetting(name, kind, brokerKeys, inherited, rule, true, doc);
    }

    /**
     * Checks a value.
     *
     * @throws InvalidSettingException
     *             if the value is invalid
     */
    void check(String value) {
        rule.check(name, value);
    }
}
