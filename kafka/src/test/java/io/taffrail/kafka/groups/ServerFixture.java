package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker in memory that listens on a socket, and an admin client of it. */
final class ServerFixture implements AutoCloseable {

    private final InstantSource clock = Clock.systemUTC();
    private final GroupSettings settings;
    private MemoryLogEngine engine = new MemoryLogEngine(clock);
    private EventLoops loops;
    private Broker broker;
    private KafkaHead head;
    private final Admin admin;

    ServerFixture(Map<String, String> settings) {
        this.settings = GroupSettings.of(settings);
        loops = EventLoops.start(2);
        broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(), clock);
        head = start(0);
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port()));
    }

    private KafkaHead start(int port) {
        return KafkaHead.start(broker,
                KafkaConfig.defaults().withListener(new HostPort("127.0.0.1", port)), settings,
                TransactionSettings.defaults(), loops);
    }

    int port() {
        return head.address().getPort();
    }

    Admin admin() {
        return admin;
    }

    Map<String, Object> clientConfig() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + port(), "key.deserializer",
                StringDeserializer.class, "value.deserializer", StringDeserializer.class,
                "key.serializer", StringSerializer.class,
                "value.serializer",
                StringSerializer.class);
    }

    /** Stops the broker and restarts it on the same port with all durable data. */
    void restart() {
        int port = port();
        stop();
        engine = engine.restart();
        loops = EventLoops.start(2);
        broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(), clock);
        head = start(port);
    }

    private void stop() {
        head.close();
        broker.close();
        loops.close();
    }

    @Override
    public void close() {
        admin.close();
        stop();
        engine.close();
    }
}
