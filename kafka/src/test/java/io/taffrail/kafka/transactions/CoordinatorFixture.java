package io.taffrail.kafka.transactions;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.groups.OwnGroupThreads;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
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
 * A broker in memory with its coordinators and without sockets. Every request and response is
 * encoded and decoded once, which detects fields that its version cannot carry.
 */
final class CoordinatorFixture implements AutoCloseable {

    private final FailingClock clock;
    private final TransactionSettings settings;
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean crashed;
    private MemoryLogEngine engine;
    private CountedOwner owner;
    private Broker broker;
    private final long limitBytes;
    private TransactionSpace space;
    private OpenTransactions open;
    private FeatureLevels features;
    private Groups groups;
    private Transactions transactions;
    private HandlerTable handlers;

    CoordinatorFixture(TransactionSettings settings) {
        this(settings, Long.MAX_VALUE);
    }

    /** A broker whose transactions may take {@code limitBytes} of memory. */
    CoordinatorFixture(TransactionSettings settings, long limitBytes) {
        this.settings = settings;
        this.clock = new FailingClock();
        this.limitBytes = limitBytes;
        this.engine = new MemoryLogEngine(clock);
        start();
    }

    private void start() {
        MemoryLogEngine now = engine;
        crashed = false;
        owner = new CountedOwner(() -> {
            now.holdDurability();
            crashed = true;
        });
        broker = Broker.open(engine, BrokerConfig.defaults(), List.of(owner), clock);
        open = new OpenTransactions();
        features = new FeatureLevels(engine.metaStore());
        groups = Groups.start(broker,
                GroupSettings.of(Map.of("offsets.topic.num.partitions", "1")),
                new OwnGroupThreads(), open, features);
        space = new TransactionSpace(limitBytes, TimeSource.system());
        transactions = Transactions.start(broker, settings, open, groups, features, disk, space);
        handlers = new HandlerTable();
        groups.handlers(_ -> new Node(1, "localhost", 9092), transactions::ready, transactions)
                .forEach(handlers::add);
        transactions.handlers(new Aside(disk)).forEach(handlers::add);
    }

    /** Holds back all that is not durable when the owner has run so many more tasks. */
    void crashAfter(long tasks) {
        owner.after(tasks);
    }

    boolean crashed() {
        return crashed;
    }

    /** Starts again with what is durable. */
    void restart() {
        MemoryLogEngine survivor = engine.restart();
        stop();
        engine = survivor;
        start();
    }

    MemoryLogEngine engine() {
        return engine;
    }

    Broker broker() {
        return broker;
    }

    OpenTransactions open() {
        return open;
    }

    FailingClock clock() {
        return clock;
    }

    Transactions transactions() {
        return transactions;
    }

    FeatureLevels features() {
        return features;
    }

    TransactionSpace space() {
        return space;
    }

    CountedOwner owner() {
        return owner;
    }

    void topic(String name, int partitions) {
        broker.topics().create(NewTopic.of(name, partitions, Map.of())).join();
    }

    WritableLog log(String topic, int partition) {
        return broker.topics().find(topic).orElseThrow().partition(partition).orElseThrow().log();
    }

    /** The committed offset of a group, when no transaction of it is ending any more. */
    long committedOffset(String groupId, String topic) throws Exception {
        ask(ApiKeys.FIND_COORDINATOR, 4,
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of(groupId)),
                FindCoordinatorResponseData.class);
        while (true) {
            OffsetFetchResponseGroup group = ask(ApiKeys.OFFSET_FETCH, 8,
                    new OffsetFetchRequestData().setRequireStable(true).setGroups(List.of(
                            new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(List.of(
                                    new OffsetFetchRequestTopics().setName(topic)
                                            .setPartitionIndexes(List.of(0)))))),
                    OffsetFetchResponseData.class).groups().getFirst();
            if (group.errorCode() != Errors.NONE.code()) {
                throw new AssertionError(Errors.forCode(group.errorCode()));
            }
            OffsetFetchResponsePartitions partition = group.topics().getFirst().partitions()
                    .getFirst();
            if (Errors.forCode(partition.errorCode()) != Errors.UNSTABLE_OFFSET_COMMIT) {
                return partition.committedOffset();
            }
        }
    }

    <R extends ApiMessage> R ask(ApiKeys key, int version, ApiMessage body, Class<R> answer)
            throws Exception {
        return send(key, version, body, answer).get(60, TimeUnit.SECONDS);
    }

    <R extends ApiMessage> CompletableFuture<R> send(ApiKeys key, int version, ApiMessage body,
            Class<R> answer) throws Exception {
        RequestContext context = new RequestContext(
                new RequestHeader(key, (short) version, "client", 1), "1",
                InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                new ListenerName("PLAINTEXT"), SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY, false);
        ApiMessage request = copy(body, key.messageType.newRequest(), version);
        return handle(Objects.requireNonNull(handlers.find(key)), context, request).thenApply(
                response -> answer.cast(copy(response, key.messageType.newResponse(), version)));
    }

    @SuppressWarnings("unchecked") // the handler was found by the request's key
    private static CompletableFuture<ApiMessage> handle(Handler<?> handler, RequestContext context,
            ApiMessage request) {
        return ((Handler<ApiMessage>) handler).handle(new Request<>(context, request))
                .toCompletableFuture().thenApply(response -> response);
    }

    private static ApiMessage copy(ApiMessage message, ApiMessage into, int version) {
        ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(message, (short) version);
        into.read(bytes, (short) version);
        return into;
    }

    private void stop() {
        transactions.close();
        groups.close();
        broker.close();
        owner.close();
    }

    @Override
    public void close() {
        stop();
        engine.close();
        disk.close();
    }
}
