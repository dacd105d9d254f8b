package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.job.JobException;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobResult;
import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.JobTerms;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.job.RetryPolicy;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random clients, workers and crashes, from a seed. A confirmed job is never lost. It never runs
 * again after its success was confirmed. It shows one final state, unless it is retried by hand.
 */
@Timeout(120)
class JobCrashTest extends HostTest {

    private static final int ACTIONS = 250;
    private static final RetryPolicy RETRY = new RetryPolicy(3, 500, 2, 5000, true);

    /** A job as its client knows it. */
    private static final class Known {
        JobState state = JobState.QUEUED;
        boolean succeeded;
    }

    private record Held(UUID id, int run, Optional<Delivery> delivery) {}

    private final Map<UUID, Known> jobs = new LinkedHashMap<>();
    private final List<Held> held = new ArrayList<>();
    private GetHolder holder = new GetHolder(List.of());

    @BeforeEach
    void declare() {
        var _ = host.declare("q", Map.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void invariantsHold(long seed) {
        Random random = new Random(Long.getLong("seed", seed));
        for (int action = 0; action < ACTIONS; action++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> enqueue(random);
                case 4, 5 -> take();
                case 6, 7 -> get();
                case 8, 9, 10 -> report(random);
                case 11 -> cancel(random);
                case 12 -> retry(random);
                case 13, 14 -> time.pass(random.nextInt(3000), host.owner());
                default -> crashed(random);
            }
        }
        finish();
    }

    private Jobs api() {
        return host.api().jobs();
    }

    private void enqueue(Random random) {
        JobTerms terms = new JobTerms("q", "", RETRY, random.nextBoolean() ? 0 : 4000, "", null,
                null, "");
        long dueAtMs = random.nextInt(4) == 0 ? time.millis() + random.nextInt(5000) : 0;
        JobStatus status = host.await(() -> api().enqueue(new JobOrder(Optional.empty(), terms,
                new Message("", "q", Properties.none(),
                        ByteBuffer.wrap("body".getBytes(StandardCharsets.UTF_8))),
                dueAtMs))).status();
        jobs.put(status.id(), new Known());
    }

    private void take() {
        host.await(() -> api().take(new Jobs.Take("q", 2, Duration.ZERO, Duration.ofSeconds(2),
                "w"))).forEach(job -> {
                    runs(job.status().id());
                    held.add(new Held(job.status().id(), job.status().run(), Optional.empty()));
                });
    }

    private void get() {
        host.get("q", Optional.of(holder)).ifPresent(got -> {
            UUID id = id(got);
            runs(id);
            assertThat(got.properties().headers().get("x-job-attempt"))
                    .as("%s is followed", id).isPresent();
            held.add(new Held(id, 0, Optional.of(got.delivery())));
        });
    }

    private static UUID id(Got got) {
        return UUID.fromString(got.properties().text(Properties.Property.MESSAGE_ID).orElseThrow());
    }

    private void runs(UUID id) {
        assertThat(jobs).as("%s was confirmed", id).containsKey(id);
        Known known = known(id);
        assertThat(known.succeeded).as("%s succeeded before it was handed out", id).isFalse();
        assertThat(known.state).as("state of %s", id).isNotEqualTo(JobState.CANCELLED);
    }

    private void report(Random random) {
        if (held.isEmpty()) {
            return;
        }
        Held one = held.remove(random.nextInt(held.size()));
        boolean good = random.nextBoolean();
        if (one.delivery().isPresent()) {
            Delivery delivery = one.delivery().get();
            host.run(good
                    ? delivery::accept
                    : random.nextBoolean()
                            ? delivery::reject
                            : delivery::requeue);
            return;
        }
        allowed(() -> {
            JobStatus status = host.await(() -> good
                    ? api().succeed(one.id(), one.run(), JobResult.NONE)
                    : api().fail(one.id(), one.run(), "bad", "", random.nextInt(4) > 0));
            saw(status);
        });
    }

    private void cancel(Random random) {
        random(random).ifPresent(id -> allowed(() -> saw(host.await(() -> api().cancel(id)))));
    }

    private void retry(Random random) {
        random(random).ifPresent(id -> allowed(() -> {
            JobStatus status = host.await(() -> api().retry(id));
            known(id).state = status.state();
        }));
    }

    private Optional<UUID> random(Random random) {
        List<UUID> all = List.copyOf(jobs.keySet());
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.get(random.nextInt(all.size())));
    }

    private Known known(UUID id) {
        return Objects.requireNonNull(jobs.get(id));
    }

    /** Runs a request that the broker may refuse because of the job's state. */
    private static void allowed(Runnable request) {
        try {
            request.run();
        } catch (AssertionError | JobException | CompletionException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (!(cause instanceof JobException)) {
                throw e;
            }
        }
    }

    /** A state that a client was shown. */
    private void saw(JobStatus status) {
        Known known = known(status.id());
        if (known.state == JobState.SUCCEEDED || known.state == JobState.CANCELLED
                || known.state == JobState.DEAD) {
            assertThat(status.state()).as("state of %s", status.id()).isEqualTo(known.state);
        }
        known.state = status.state();
        known.succeeded |= status.state() == JobState.SUCCEEDED;
    }

    private void look() {
        host.settle(() -> {});
        host.run(() -> {});
        jobs.keySet().forEach(id -> {
            Optional<JobStatus> status = host.await(() -> api().find(id));
            assertThat(status).as("%s", id).isPresent();
            saw(status.orElseThrow());
        });
    }

    private void crashed(Random random) {
        if (random.nextBoolean()) {
            look();
        } else {
            host.settle(() -> {}); // No commit is half durable in the engine in memory.
            host.run(() -> {});
        }
        if (random.nextBoolean()) {
            // A settlement that waits for the next commit is lost.
            report(random);
            host.settle(() -> {});
            host.run(() -> {});
        }
        crash();
        held.clear();
        holder = new GetHolder(List.of());
        look();
    }

    /** Every job can be brought to an end. */
    private void finish() {
        look();
        for (int round = 0; round < 500 && isUnfinished(); round++) {
            time.pass(5000, host.owner());
            host.settle(() -> {});
            take();
            held.removeIf(one -> {
                allowed(() -> saw(host.await(
                        () -> api().succeed(one.id(), one.run(), JobResult.NONE))));
                return one.delivery().isEmpty();
            });
            host.run(holder::close);
            look();
        }
        assertThat(isUnfinished()).as("a job cannot be finished").isFalse();
        assertThat(host.get("q", Optional.empty())).isEmpty();
    }

    private boolean isUnfinished() {
        return jobs.values().stream().anyMatch(known -> known.state != JobState.SUCCEEDED
                && known.state != JobState.DEAD && known.state != JobState.CANCELLED);
    }
}
