package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.HeldStore;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of virtual hosts that the store fails, that overtake others, or that have no room. */
class VirtualHostChangesTest {

    private final OwnerThread owner = new OwnerThread();
    private final ThreadTimers timers = new ThreadTimers();
    private final MemoryLogEngine memory = new MemoryLogEngine(InstantSource.system());
    private final HeldStore store = new HeldStore(memory.metaStore());
    private final LogEngine engine = store.in(memory);
    private final DefinitionSpace space = new DefinitionSpace(1 << 20);
    private final LiveVirtualHosts hosts = LiveVirtualHosts.opening(engine,
            engine.metaStore().acquire("test").join(), List.of(owner), InstantSource.system(),
            timers::of, () -> UUID.randomUUID().toString().substring(0, 22),
            new HostOptions(0, null, null, space)).join();

    @AfterEach
    void close() {
        hosts.close();
        timers.close();
        memory.close();
        owner.close();
    }

    private <T> CompletableFuture<T> begin(String host,
            Function<VirtualHost, CompletableFuture<T>> request) {
        return owner.call(() -> request.apply(hosts.find(host).orElseThrow()));
    }

    private CompletableFuture<QueueStatus> declare(String host, String queue) {
        return begin(host, it -> it.declareQueue(
                new QueueDeclaration(queue, true, false, false, FieldTable.EMPTY), Host.SESSION));
    }

    private static void isNotStored(CompletableFuture<?> change) {
        assertThatThrownBy(() -> OwnerThread.await(change))
                .hasStackTraceContaining("not stored, as told");
    }

    @Test
    void hostWhoseDeletionIsNotStoredStaysAsItIs() {
        var _ = OwnerThread.await(hosts.create("one"));
        var _ = OwnerThread.await(declare("one", "q"));
        AtomicInteger told = new AtomicInteger();
        VirtualHost one = hosts.find("one").orElseThrow();
        owner.run(() -> {
            var _ = one.onEnd(new EndListener() {
                @Override
                public void deleted() {
                    told.incrementAndGet();
                }

                @Override
                public void failed(String detail) {
                    told.incrementAndGet();
                }
            });
        });
        store.fail(_ -> true);

        isNotStored(hosts.delete("one"));

        assertThat(told).hasValue(0);
        assertThat(hosts.find("one")).contains(one);
        assertThat(OwnerThread.await(begin("one", it -> it.checkQueue("q", Host.SESSION))).name())
                .isEqualTo("q");
        store.fail(_ -> false);
        var _ = OwnerThread.await(hosts.delete("one"));
        assertThat(told).hasValue(1);
        assertThat(memory.logs()).noneMatch(log -> log.value().startsWith("@queue-"));
    }

    @Test
    void listenerThatThrowsDoesNotKeepAHost() {
        var _ = OwnerThread.await(hosts.create("one"));
        VirtualHost one = hosts.find("one").orElseThrow();
        owner.run(() -> {
            var _ = one.onEnd(new EndListener() {
                @Override
                public void deleted() {
                    throw new IllegalStateException("thrown by a test");
                }

                @Override
                public void failed(String detail) {
                    throw new AssertionError(detail);
                }
            });
        });

        var _ = OwnerThread.await(hosts.delete("one"));

        assertThat(hosts.find("one")).isEmpty();
    }

    @Test
    void changeThatComesAfterTheDeletionLeavesNothingBehind() {
        var _ = OwnerThread.await(hosts.create("one"));
        store.hold();
        CompletableFuture<Void> deleted = hosts.delete("one");
        CompletableFuture<QueueStatus> declared = declare("one", "late");
        store.release();
        var _ = OwnerThread.await(deleted);

        assertThatThrownBy(() -> OwnerThread.await(declared))
                .isInstanceOfSatisfying(BrokerException.class, it -> assertThat(it.error())
                        .isEqualTo(BrokerError.VIRTUAL_HOST_NOT_FOUND));
        assertThat(memory.metaStore().children("vhost/one/")).isEmpty();
        assertThat(memory.logs()).noneMatch(log -> log.value().startsWith("@queue-"));
    }

    @Test
    void hostsBeyondTheLimitAreRefusedAndDeletedOnesMakeRoom() {
        long before = space.heldBytes();
        int created = 0;
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        while (!last.isCompletedExceptionally()) {
            assertThat(created).as("hosts within the limit").isLessThan(1000);
            last = hosts.create("host-" + created++);
            var _ = last.handle((_, _) -> true).join();
        }
        CompletableFuture<Void> refused = last;
        assertThatThrownBy(refused::join).cause().isInstanceOfSatisfying(BrokerException.class,
                it -> assertThat(it.error()).isEqualTo(BrokerError.OBJECT_LIMIT_REACHED));
        assertThat(hosts.all()).hasSize(created);

        for (int index = 0; index < created - 1; index++) {
            var _ = OwnerThread.await(hosts.delete("host-" + index));
        }
        assertThat(space.heldBytes()).isEqualTo(before);
        var _ = OwnerThread.await(hosts.create("host"));
    }

    @Test
    void policyWhoseRemovalIsNotStoredStaysInForce() {
        Policy policy = PolicyRules.policy(PolicyKind.USER, "short", "", "all", 0,
                FieldTable.of(Map.of("max-length", new FieldValue.Int32(2))));
        var _ = OwnerThread.await(begin("/", it -> it.policies().set(PolicyKind.USER, policy)));
        var _ = OwnerThread.await(declare("/", "q"));
        long before = space.heldBytes();
        store.fail(_ -> true);

        isNotStored(begin("/", it -> it.policies().clear(PolicyKind.USER, "short")));

        assertThat(owner.call(() -> hosts.find("/").orElseThrow().policies()
                .list(PolicyKind.USER))).containsExactly(policy);
        assertThat(maxLength("q")).hasValue(2);
        assertThat(space.heldBytes()).isEqualTo(before);
    }

    @Test
    void changeThatIsBeingStoredDelaysNoConsumers() {
        var _ = OwnerThread.await(declare("/", "q"));
        store.hold();
        CompletableFuture<QueueStatus> declared = declare("/", "slow");

        assertThat(OwnerThread.await(begin("/", it -> it.checkQueue("q", Host.SESSION))).name())
                .isEqualTo("q");
        long purged = OwnerThread.await(begin("/", it -> it.purgeQueue("q", Host.SESSION)));
        assertThat(purged).isZero();
        CompletableFuture<QueueStatus> same = begin("/",
                it -> it.checkQueue("slow", Host.SESSION));
        assertThat(declared).isNotDone();

        store.release();
        assertThat(OwnerThread.await(declared).name()).isEqualTo("slow");
        assertThat(OwnerThread.await(same).name()).isEqualTo("slow");
    }

    @Test
    void queueThatIsDeclaredDuringAChangeOfPoliciesFollowsItsOutcome() {
        Policy policy = PolicyRules.policy(PolicyKind.USER, "short", "", "all", 0,
                FieldTable.of(Map.of("max-length", new FieldValue.Int32(2))));
        store.hold();
        CompletableFuture<Void> set = begin("/",
                it -> it.policies().set(PolicyKind.USER, policy));
        var _ = OwnerThread.await(begin("/", it -> it.declareQueue(
                new QueueDeclaration("q", false, false, false, FieldTable.EMPTY),
                Host.SESSION)));
        assertThat(set).isNotDone();
        assertThat(maxLength("q")).hasValue(2);
        store.fail(change -> change.key().contains("policy"));

        store.release();

        isNotStored(set);
        assertThat(maxLength("q")).isEmpty();
    }

    private OptionalLong maxLength(String queue) {
        return owner.call(() -> ((LiveVirtualHost) hosts.find("/").orElseThrow()).queue(queue)
                .orElseThrow().settings().limits().maxLength());
    }
}
