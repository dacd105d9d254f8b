package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogEngine.LogAppend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large backlogs: work on them is done in steps, or costs the same for any size. */
@Timeout(60)
class BacklogTest {

    private static final int PATIENCE_S = 30;
    private static final int BODY_BYTES = 10_000;
    private static final String BODY = "x".repeat(BODY_BYTES);

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine memory = new MemoryLogEngine(time);
    /** Size of each commit in bytes. */
    private final List<Integer> commits = new ArrayList<>();
    private final Host host = new Host(watched(memory), time);

    @AfterEach
    void close() {
        host.close();
        memory.close();
        host.abandon();
    }

    private LogEngine watched(LogEngine engine) {
        return (LogEngine) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{LogEngine.class}, (_, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        int bytes = 0;
                        for (Object each : (List<?>) arguments[0]) {
                            bytes += ((LogAppend) each).batch().remaining();
                        }
                        commits.add(bytes);
                    }
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static FieldValue number(int value) {
        return new FieldValue.Int32(value);
    }

    private void fill(String queue, int count, String body) {
        long last = 0;
        for (int index = 0; index < count; index++) {
            last = host.send("", queue, body, Properties.none());
        }
        assertThat(host.awaitConfirm(last)).isTrue();
    }

    /** Waits until the queue has this many ready messages. */
    private void await(String queue, long ready) {
        while (host.status(queue).ready() != ready) {
            Thread.onSpinWait();
        }
    }

    private static Getter into(List<Got> got) {
        return new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                got.add(Got.of(delivery, message));
            }

            @Override
            public void empty() {
                // The queue is empty.
            }
        };
    }

    private long purge(String queue) {
        return host.await(() -> host.api().purgeQueue(queue, Host.SESSION));
    }

    @Test
    void deadLettersOfALargeBacklogAreStoredInSmallTurns() {
        var _ = host.declare("dead", Map.of());
        var _ = host.declare("q", Map.of("x-message-ttl", number(100),
                "x-dead-letter-exchange", new FieldValue.Text(""),
                "x-dead-letter-routing-key", new FieldValue.Text("dead")));
        fill("q", 500, BODY);
        host.run(commits::clear);

        time.pass(100, host.owner());
        await("dead", 500);

        assertThat(host.status("q").ready()).isZero();
        List<Integer> stored = host.owner().call(() -> List.copyOf(commits));
        assertThat(stored).allSatisfy(bytes -> assertThat(bytes)
                .isLessThan(Budget.MAX_BYTES + 2 * BODY_BYTES));
        assertThat(stored).hasSizeGreaterThanOrEqualTo(500 * BODY_BYTES / Budget.MAX_BYTES);
    }

    @Test
    void otherWorkOfTheOwnerIsDoneBetweenTheStepsOfAnExpiry() {
        var _ = host.declare("q", Map.of("x-message-ttl", number(100)));
        fill("q", 5000, "m");
        List<Long> seen = new ArrayList<>();

        host.run(() -> {
            time.passNow(100);
            look(seen);
        });
        await("q", 0);

        List<Long> looks = host.owner().call(() -> List.copyOf(seen));
        assertThat(looks).contains(5000L, 5000L - Budget.MAX_COUNT, 5000L - 2 * Budget.MAX_COUNT);
    }

    /** A task that repeats itself while messages are left. */
    private void look(List<Long> seen) {
        long ready = host.api().inventory().queues().stream()
                .filter(it -> it.declaration().name().equals("q")).findFirst().orElseThrow()
                .depth().ready();
        seen.add(ready);
        if (ready > 0) {
            host.owner().execute(() -> look(seen));
        }
    }

    @Test
    void oneWhoAsksDuringALargeExpiryIsGivenNothingThatHasExpired() {
        var _ = host.declare("q", Map.of());
        Properties shortLived = Properties.none().withText(Property.EXPIRATION, "100");
        long last = 0;
        for (int index = 0; index < 3000; index++) {
            last = host.send("", "q", "old", shortLived);
        }
        assertThat(host.awaitConfirm(last)).isTrue();
        fill("q", 2, "young");

        List<Got> got = new ArrayList<>();
        CompletableFuture<Void> last3 = host.owner().call(() -> {
            time.passNow(100);
            CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
            for (int index = 0; index < 3; index++) {
                done = host.api().get("q", Host.SESSION, Optional.empty(), into(got));
            }
            return done;
        });
        last3.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();

        assertThat(host.owner().call(() -> List.copyOf(got))).extracting(Got::body)
                .containsExactly("young", "young");
    }

    @Test
    void aPurgeTakesWhatCameBeforeItAndNothingElse() {
        var _ = host.declare("q", Map.of());
        fill("q", 3000, "m");
        List<CompletableFuture<Long>> purged = new ArrayList<>();

        host.run(() -> {
            host.postNow("q", "before");
            purged.add(host.api().purgeQueue("q", Host.SESSION));
            host.postNow("q", "after");
        });

        assertThat(purged.getFirst().orTimeout(PATIENCE_S, TimeUnit.SECONDS).join())
                .isEqualTo(3001);
        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("after");
    }

    @Test
    void aPurgeIsOneSmallRecordHoweverMuchItTakes() {
        var _ = host.declare("q", Map.of());
        fill("q", 5000, "m");
        var _ = host.declare("flush", Map.of());
        List<CompletableFuture<Long>> purged = new ArrayList<>();
        host.run(commits::clear);

        host.run(() -> {
            purged.add(host.api().purgeQueue("q", Host.SESSION));
            host.postNow("flush", "m");
        });

        assertThat(host.status("flush").ready()).isEqualTo(1);
        assertThat(purged.getFirst().join()).isEqualTo(5000);
        assertThat(host.owner().call(() -> List.copyOf(commits))).hasSize(1)
                .allSatisfy(bytes -> assertThat(bytes).isLessThan(1000));
    }

    @Test
    void aPurgeLeavesWhatSomebodyHoldsAndTakesWhatCameBack() {
        var _ = host.declare("q", Map.of());
        purgesAroundHeldMessages();
    }

    @Test
    void aPurgeOfPrioritiesLeavesWhatSomebodyHoldsAndTakesWhatCameBack() {
        var _ = host.declare("q", Map.of("x-max-priority", number(3)));
        purgesAroundHeldMessages();
    }

    @Test
    void aPolicyIsAppliedToManyQueuesInSteps() {
        for (int index = 0; index < 2 * Budget.MAX_COUNT + 10; index++) {
            var _ = host.declare("many" + index, Map.of());
        }
        Policy policy = PolicyRules.policy(PolicyKind.USER, "p", "^many", "all", 1,
                FieldTable.of(Map.of("max-length", number(1))));
        int[] looks = new int[1];

        CompletableFuture<Void> set = host.owner().call(() -> {
            CompletableFuture<Void> done = host.api().policies().set(PolicyKind.USER, policy);
            count(looks, done);
            return done;
        });
        set.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();

        assertThat(host.owner().call(() -> looks[0])).as("tasks in between")
                .isGreaterThanOrEqualTo(2);
        fill("many" + 2 * Budget.MAX_COUNT, 2, "m");
        assertThat(host.status("many" + 2 * Budget.MAX_COUNT).ready()).isEqualTo(1);
    }

    /** Counts tasks of the owner until the future completes. */
    private void count(int[] looks, CompletableFuture<?> until) {
        if (!until.isDone()) {
            looks[0]++;
            host.owner().execute(() -> count(looks, until));
        }
    }

    private void purgesAroundHeldMessages() {
        fill("q", 10, "m");
        GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
        List<Got> held = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            held.add(host.get("q", Optional.of(holder)).orElseThrow());
        }
        host.run(held.get(0).delivery()::requeue);
        host.run(held.get(2).delivery()::requeue);

        assertThat(purge("q")).isEqualTo(8);
        assertThat(host.get("q", Optional.empty())).isEmpty();

        host.run(held.get(1).delivery()::requeue);
        host.run(held.get(3).delivery()::accept);
        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(purge("q")).isEqualTo(1);
        assertThat(purge("q")).isZero();
    }

    @Test
    void aQueueBoundedInBytesTakesAsMuchAfterAPurgeAsBefore() {
        var _ = host.declare("q", Map.of("x-max-length-bytes", number(10),
                "x-overflow", new FieldValue.Text("reject-publish")));
        fill("q", 1, "0123456789");
        assertThat(host.publish("q", "x")).isFalse();

        assertThat(purge("q")).isEqualTo(1);

        assertThat(host.publish("q", "0123456789")).isTrue();
        assertThat(host.publish("q", "x")).isFalse();
    }
}
