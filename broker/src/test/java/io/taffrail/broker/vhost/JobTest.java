package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.job.JobException;
import io.taffrail.broker.job.JobException.Reason;
import io.taffrail.broker.job.JobIds;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobResult;
import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.JobTerms;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.job.RetryPolicy;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs: their states, and what a crash leaves of them. */
@Timeout(60)
class JobTest extends HostTest {

    private static final RetryPolicy TWICE = new RetryPolicy(2, 1000, 2, 60_000, false);

    @BeforeEach
    void declare() {
        var _ = host.declare("q", Map.of());
    }

    private static JobTerms terms(long timeoutMs, String uniqueKey, String key, String body) {
        return new JobTerms("q", "resize", TWICE, timeoutMs, uniqueKey,
                key.isEmpty() ? null : JobIds.hash(bytes(key)),
                key.isEmpty() ? null : JobIds.hash(bytes(body)), "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Jobs.Enqueued order(JobTerms terms, String body, long dueAtMs) {
        return host.await(() -> host.api().jobs().enqueue(new JobOrder(Optional.empty(), terms,
                new Message("", "q", Properties.none(), ByteBuffer.wrap(bytes(body))), dueAtMs)));
    }

    private UUID enqueue(String body) {
        return order(terms(0, "", "", body), body, 0).status().id();
    }

    private JobStatus job(UUID id) {
        time.pass(5, host.owner());
        host.settle(() -> {}); // All turns before are durable.
        host.run(() -> {});
        return host.await(() -> host.api().jobs().find(id)).orElseThrow();
    }

    private JobState state(UUID id) {
        return job(id).state();
    }

    private List<Jobs.Taken> take() {
        return host.await(() -> host.api().jobs().take(new Jobs.Take("q", 1, Duration.ZERO,
                Duration.ofSeconds(30), "worker 1")));
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(failure -> {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(JobException.class);
            assertThat(((JobException) cause).reason()).isEqualTo(reason);
        });
    }

    @Test
    void aConsumersAcknowledgementIsItsSuccess() {
        UUID id = enqueue("one");
        assertThat(state(id)).isEqualTo(JobState.QUEUED);

        Recorder worker = host.consume("q", 1);
        Got got = worker.take();
        assertThat(got.body()).isEqualTo("one");
        assertThat(got.properties().text(Property.MESSAGE_ID)).contains(id.toString());
        assertThat(got.properties().headers().get("x-job-attempt"))
                .contains(new FieldValue.Int64(1));
        JobStatus running = job(id);
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.worker()).isEqualTo("c of test");

        host.settle(got.delivery()::accept);
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(host.status("q").ready()).isZero();

        crash();
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(host.get("q", Optional.empty())).isEmpty();
    }

    @Test
    void anUnfinishedJobSurvivesACrashWithItsMessage() {
        UUID queued = enqueue("one");
        UUID running = enqueue("two");
        Got first = host.consume("q", 1).take();
        assertThat(first.body()).isEqualTo("one");

        crash();
        assertThat(state(queued)).isEqualTo(JobState.QUEUED);
        assertThat(state(running)).isEqualTo(JobState.QUEUED);
        Recorder worker = host.consume("q", 0);
        List<Got> again = worker.take(2);
        assertThat(again).extracting(Got::body).containsExactly("one", "two");
        assertThat(job(queued).attempt()).isEqualTo(1);
    }

    @Test
    void aRejectedJobIsTriedAgainAndThenDead() {
        UUID id = enqueue("one");
        Recorder worker = host.consume("q", 1);
        host.run(worker.take().delivery()::reject);
        JobStatus failed = job(id);
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.outcome().reason()).isEqualTo("its worker rejected it");

        crash();
        assertThat(state(id)).isEqualTo(JobState.FAILED);
        time.pass(1000, host.owner());
        worker = host.consume("q", 1);
        Got second = worker.take();
        assertThat(second.body()).isEqualTo("one");
        assertThat(job(id).attempt()).isEqualTo(2);
        host.run(second.delivery()::reject);
        assertThat(state(id)).isEqualTo(JobState.DEAD);

        crash();
        assertThat(state(id)).isEqualTo(JobState.DEAD);
        assertThat(host.get("q", Optional.empty())).isEmpty();
        assertThat(host.await(() -> host.api().jobs().retry(id)).state())
                .isEqualTo(JobState.QUEUED);
        Got third = host.consume("q", 1).take();
        assertThat(third.body()).isEqualTo("one");
        host.settle(third.delivery()::accept);
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aWorkerThatIsGoneHasFailed() {
        UUID id = enqueue("one");
        Recorder worker = new Recorder();
        var subscription = host.subscribe("q", worker, true, 1, Map.of());
        assertThat(worker.take().body()).isEqualTo("one");

        host.run(subscription::close);
        assertThat(state(id)).isEqualTo(JobState.FAILED);
    }

    @Test
    void aScheduledJobWaitsForItsTime() {
        UUID id = order(terms(0, "", "", ""), "later", time.millis() + 60_000).status().id();
        assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
        crash();
        assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
        assertThat(host.get("q", Optional.empty())).isEmpty();

        time.pass(60_000, host.owner());
        assertThat(state(id)).isEqualTo(JobState.QUEUED);
        assertThat(take()).hasSize(1);
    }

    @Test
    void aWorkerByLeaseReports() {
        UUID id = enqueue("one");
        Jobs.Taken taken = take().getFirst();
        assertThat(taken.status().id()).isEqualTo(id);
        int run = taken.status().run();
        assertThat(host.await(() -> host.api().jobs().progress(id, run, 40, "resizing"))
                .outcome().percent()).isEqualTo(40);

        JobStatus done = host.await(() -> host.api().jobs().succeed(id, run,
                new JobResult("text/plain", bytes("fine"))));
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        crash();
        assertThat(new String(job(id).outcome().result(), StandardCharsets.UTF_8))
                .isEqualTo("fine");
        // A second report of the same success is accepted; a failure is not.
        assertThat(host.await(() -> host.api().jobs().succeed(id, run, JobResult.NONE)).state())
                .isEqualTo(JobState.SUCCEEDED);
        refused(Reason.FINISHED,
                () -> host.await(() -> host.api().jobs().fail(id, run, "no", "", true)));
        refused(Reason.FINISHED, () -> host.await(() -> host.api().jobs().cancel(id)));
    }

    @Test
    void aWorkerWhoseLeaseIsOverIsTooLate() {
        UUID id = enqueue("one");
        int first = take().getFirst().status().run();
        time.pass(29_000, host.owner());
        assertThat(host.await(() -> host.api().jobs().heartbeat(id, first,
                Optional.of(Duration.ofSeconds(30)))).state()).isEqualTo(JobState.RUNNING);
        time.pass(29_000, host.owner());
        assertThat(state(id)).isEqualTo(JobState.RUNNING);
        time.pass(1000, host.owner());
        assertThat(job(id).outcome().reason()).isEqualTo("its worker did not report in time");

        time.pass(1000, host.owner());
        int second = take().getFirst().status().run();
        refused(Reason.NOT_HELD,
                () -> host.await(() -> host.api().jobs().succeed(id, first, JobResult.NONE)));
        assertThat(host.await(() -> host.api().jobs().succeed(id, second, JobResult.NONE)).state())
                .isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void anAttemptHasATimeOut() {
        UUID id = order(terms(5000, "", "", ""), "slow", 0).status().id();
        Got got = host.consume("q", 1).take();
        time.pass(5000, host.owner());
        assertThat(state(id)).isEqualTo(JobState.FAILED);

        host.settle(got.delivery()::accept); // Too late.
        assertThat(state(id)).isEqualTo(JobState.FAILED);
    }

    @Test
    void aCancelledJobIsNotHandedOut() {
        UUID queued = enqueue("one");
        UUID other = enqueue("two");
        assertThat(host.await(() -> host.api().jobs().cancel(queued)).state())
                .isEqualTo(JobState.CANCELLED);
        crash();
        Recorder worker = host.consume("q", 1);
        assertThat(worker.take().properties().text(Property.MESSAGE_ID)).contains(other.toString());
        assertThat(state(queued)).isEqualTo(JobState.CANCELLED);
        assertThat(host.status("q").ready()).isZero();
    }

    @Test
    void aCancelledJobIsTakenFromItsWorker() {
        UUID id = enqueue("one");
        Got got = host.consume("q", 1).take();
        assertThat(host.await(() -> host.api().jobs().cancel(id)).state())
                .isEqualTo(JobState.CANCELLED);
        host.settle(got.delivery()::accept);
        host.run(got.delivery()::reject);
        assertThat(state(id)).isEqualTo(JobState.CANCELLED);
        crash();
        assertThat(host.get("q", Optional.empty())).isEmpty();
    }

    @Test
    void anIdempotencyKeyNamesOneJob() {
        Jobs.Enqueued first = order(terms(0, "", "k", "a"), "a", 0);
        assertThat(first.again()).isFalse();
        crash();
        Jobs.Enqueued second = order(terms(0, "", "k", "a"), "a", 0);
        assertThat(second.again()).isTrue();
        assertThat(second.status().id()).isEqualTo(first.status().id());
        refused(Reason.KEY_REUSED, () -> order(terms(0, "", "k", "b"), "b", 0));
        assertThat(take()).hasSize(1);
        assertThat(take()).isEmpty();
    }

    @Test
    void aUniqueKeyIsFreeWhenItsJobHasFinished() {
        UUID id = order(terms(0, "nightly", "", ""), "a", 0).status().id();
        refused(Reason.NOT_UNIQUE, () -> order(terms(0, "nightly", "", ""), "b", 0));
        crash();
        refused(Reason.NOT_UNIQUE, () -> order(terms(0, "nightly", "", ""), "b", 0));
        var _ = host.await(() -> host.api().jobs().cancel(id));
        assertThat(order(terms(0, "nightly", "", ""), "b", 0).again()).isFalse();
    }

    @Test
    void jobsOfAPurgedQueueAreCancelled() {
        UUID before = enqueue("one");
        assertThat(host.await(() -> host.api().purgeQueue("q", Host.SESSION))).isEqualTo(1);
        UUID after = enqueue("two");
        assertThat(state(before)).isEqualTo(JobState.CANCELLED);
        assertThat(state(after)).isEqualTo(JobState.QUEUED);
        crash();
        assertThat(take().getFirst().status().id()).isEqualTo(after);
    }

    @Test
    void jobsOfADeletedQueueAreDead() {
        UUID id = enqueue("one");
        assertThat(host.await(() -> host.api().deleteQueue("q", Host.SESSION, false, false)))
                .isEqualTo(1);
        assertThat(state(id)).isEqualTo(JobState.DEAD);
        refused(Reason.WRONG_STATE, () -> {
            var _ = host.declare("q", Map.of());
            var _ = host.await(() -> host.api().jobs().retry(id));
        });
    }

    @Test
    void reportsComeAsMessages() {
        UUID id = enqueue("one");
        Got got = host.consume("q", 1).take();
        report(id, "progress", "70 nearly");
        assertThat(job(id).outcome().percent()).isEqualTo(70);
        assertThat(job(id).outcome().note()).isEqualTo("nearly");
        report(id, "result", "fine");
        host.settle(got.delivery()::accept);

        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(new String(job(id).outcome().result(), StandardCharsets.UTF_8))
                .isEqualTo("fine");
        assertThat(host.status("jobs.events").ready()).isZero();
    }

    private void report(UUID id, String event, String body) {
        assertThat(host.awaitConfirm(host.send("", "jobs.events", body, Properties.none()
                .withText(Property.CORRELATION_ID, id.toString())
                .withText(Property.TYPE, event)))).isTrue();
        host.run(() -> {});
    }

    @Test
    void aListenerHearsOfEachStateOnce() {
        UUID id = enqueue("one");
        List<JobState> heard = new ArrayList<>();
        var registration = host.owner().call(() -> host.api().jobs().watch(id,
                status -> heard.add(status.state())));
        Got got = host.consume("q", 1).take();
        time.pass(5, host.owner());
        host.settle(got.delivery()::accept);
        host.run(() -> {});
        assertThat(host.owner().call(() -> List.copyOf(heard)))
                .containsExactly(JobState.RUNNING, JobState.SUCCEEDED);
        host.run(registration::close);
    }

    @Test
    void jobsAreListed() {
        UUID first = enqueue("one");
        UUID second = enqueue("two");
        var _ = host.await(() -> host.api().jobs().cancel(first));
        assertThat(host.await(() -> host.api().jobs().list(
                status -> status.state() == JobState.QUEUED, 10)))
                .extracting(JobStatus::id).containsExactly(second);
        assertThat(host.await(() -> host.api().jobs().list(_ -> true, 10))).hasSize(2);
        assertThat(host.await(() -> host.api().jobs().list(_ -> true, 1))).hasSize(1);
    }

    @Test
    void aRequestForJobsWaits() {
        var later = host.owner().call(() -> host.api().jobs().take(new Jobs.Take("q", 1,
                Duration.ofSeconds(10), Duration.ofSeconds(30), "w")));
        var none = host.owner().call(() -> host.api().jobs().take(new Jobs.Take("q", 1,
                Duration.ofSeconds(20), Duration.ofSeconds(30), "w")));
        UUID id = enqueue("one");
        assertThat(later.join()).extracting(it -> it.status().id()).containsExactly(id);
        time.pass(20_000, host.owner());
        assertThat(none.join()).isEmpty();
    }
}
