package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.log.memory.MemoryLogEngine;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A broker in memory with groups and without sockets. Every request and response is encoded and
 * decoded once, which detects fields that its version cannot carry.
 */
final class GroupsFixture implements AutoCloseable {

    static final Node SELF = new Node(1, "localhost", 9092);

    final SetClock clock = new SetClock();
    private final GroupSettings settings;
    private final long limitBytes;
    private MemoryLogEngine engine = new MemoryLogEngine(clock);
    private LoopOwner owner;
    private Broker broker;
    private Groups groups;
    private HandlerTable handlers;

    GroupsFixture(Map<String, String> settings) {
        this(settings, Long.MAX_VALUE);
    }

    /** Creates a broker whose groups may take {@code limitBytes} of memory. */
    GroupsFixture(Map<String, String> settings, long limitBytes) {
        this.limitBytes = limitBytes;
        this.settings = GroupSettings.of(settings);
        this.owner = new LoopOwner();
        this.broker = Broker.open(engine, BrokerConfig.defaults(), List.of(owner), clock);
        this.groups = start(broker, this.settings, limitBytes);
        this.handlers = table(groups);
    }

    private static Groups start(Broker broker, GroupSettings settings, long limitBytes) {
        return Groups.start(broker, settings, new OwnGroupThreads(),
                TransactionGate.NO_TRANSACTIONS, new FeatureLevels(broker.engine().metaStore()),
                new GroupSpace(limitBytes, TimeSource.system()));
    }

    private static HandlerTable table(Groups groups) {
        HandlerTable table = new HandlerTable();
        groups.handlers(_ -> SELF,
                _ -> CompletableFuture.completedFuture(Errors.NONE),
                (_, _, _, _) -> CompletableFuture.completedFuture(Errors.NONE)).forEach(table::add);
        return table;
    }

    MemoryLogEngine engine() {
        return engine;
    }

    Broker broker() {
        return broker;
    }

    Groups groups() {
        return groups;
    }

    /** Closes groups and broker in order, then reopens them with all durable data. */
    void restart() {
        groups.close();
        broker.close();
        owner.close();
        reopen();
    }

    /** Simulates a crash: nothing is closed before the restart, and only durable data survives. */
    void crash() {
        MemoryLogEngine survivor = engine.restart();
        groups.close();
        broker.close();
        owner.close();
        reopen(survivor);
    }

    private void reopen() {
        reopen(engine.restart());
    }

    private void reopen(MemoryLogEngine survivor) {
        engine = survivor;
        owner = new LoopOwner();
        broker = Broker.open(engine, BrokerConfig.defaults(), List.of(owner), clock);
        groups = start(broker, settings, limitBytes);
        handlers = table(groups);
    }

    /** Creates a topic and returns its id. */
    Uuid topic(String name, int partitions) {
        TopicOutcome outcome = broker.topics().create(NewTopic.of(name, partitions, Map.of()))
                .join();
        return switch (outcome) {
            case TopicOutcome.Done(Topic topic) -> TopicIds.toKafka(topic.id());
            case TopicOutcome.Refused refused -> throw new IllegalStateException(
                    refused.toString());
        };
    }

    <R extends ApiMessage> R ask(ApiKeys key, int version, ApiMessage body, Class<R> answer)
            throws Exception {
        return send(key, version, body, answer).get(30, TimeUnit.SECONDS);
    }

    <R extends ApiMessage> CompletableFuture<R> send(ApiKeys key, int version, ApiMessage body,
            Class<R> answer) {
        short shortVersion = (short) version;
        RequestContext context = new RequestContext(
                new RequestHeader(key, shortVersion, "client", 1), "1",
                InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                new ListenerName("PLAINTEXT"), SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY, false);
        ApiMessage request = copy(body, key.messageType.newRequest(), shortVersion);
        return handle(Objects.requireNonNull(handlers.find(key)), context, request)
                .thenApply(response -> answer.cast(
                        copy(response, key.messageType.newResponse(), shortVersion)));
    }

    @SuppressWarnings("unchecked") // the handler was found by the request's key
    private static CompletableFuture<ApiMessage> handle(Handler<?> handler, RequestContext context,
            ApiMessage request) {
        Handler<ApiMessage> typed = (Handler<ApiMessage>) handler;
        return typed.handle(new Request<>(context, request)).toCompletableFuture()
                .thenApply(response -> response);
    }

    private static ApiMessage copy(ApiMessage message, ApiMessage into, short version) {
        ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(message, version);
        into.read(bytes, version);
        return into;
    }

    @Override
    public void close() {
        groups.close();
        broker.close();
        owner.close();
        engine.close();
    }
}
