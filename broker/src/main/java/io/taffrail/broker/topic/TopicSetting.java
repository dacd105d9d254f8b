package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import java.util.List;
import java.util.function.Function;

/**
 * One setting a topic may have, by Kafka's name.
 *
 * @param brokerKeys
 *            settings of the broker it follows where the topic sets none, the strongest first;
 *            empty
 *            where its default is fixed
 * @param inherited
 *            its value where the topic sets none
 * @param hidden
 *            taken, but not listed (Kafka's {@code internal.*})
 */
public record TopicSetting(String name, Kind kind, List<String> brokerKeys,
        Function<BrokerConfig, String> inherited, SettingRule rule, boolean hidden, String doc) {

    /** How the value is written. */
    public enum Kind {
        BOOLEAN, STRING, INT, LONG, DOUBLE, LIST
    }

    TopicSetting follows(String... keys) {
        return new TopicSetting(name, kind, List.of(keys), inherited, rule, hidden, doc);
    }

    TopicSetting asHidden() {
        return new TopicSetting(name, kind, brokerKeys, inherited, rule, true, doc);
    }

    /** Throws {@link InvalidSettingException} unless {@code value} may be set. */
    void check(String value) {
        rule.check(name, value);
    }
}
