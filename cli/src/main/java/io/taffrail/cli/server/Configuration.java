package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.cli.config.KeyCatalog;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.metrics.MetricsConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.net.NetConfig;
import java.util.List;

/** The list of all configuration records; nothing else lists them. */
public final class Configuration {

    private Configuration() {}

    /** Keys of all configuration records. */
    public static KeyCatalog catalog() {
        return KeyCatalog.of(
                List.of(ServerConfig.class, NetConfig.class, KafkaConfig.class, AmqpConfig.class,
                        HttpConfig.class, MetricsConfig.class,
                        BrokerConfig.class,
                        GroupSettings.class, TransactionSettings.class, LocalLogConfig.class));
    }
}
