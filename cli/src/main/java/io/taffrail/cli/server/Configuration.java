package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.cli.config.KeyCatalog;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.net.NetConfig;
import java.util.List;

/** Which config records there are: the one place that lists them. */
public final class Configuration {

    private Configuration() {}

    /** The keys of all of them. */
    public static KeyCatalog catalog() {
        return KeyCatalog.of(
                List.of(ServerConfig.class, NetConfig.class, KafkaConfig.class, AmqpConfig.class,
                        BrokerConfig.class,
                        GroupSettings.class, LocalLogConfig.class));
    }
}
