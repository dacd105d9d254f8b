package io.taffrail.broker.job;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.job.Job.Ending;
import io.taffrail.broker.job.JobException.Reason;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The jobs of one virtual host. Their log is opened with the first job. Owner thread only.
 *
 * <p>
 * A change of a job is stored in one commit with the change of the queue that causes it. A job that
 * ends while its message is in the queue leaves the message there; the message is dropped when it
 * would be handed out, and the job is remembered until then.
 */
public final class LiveJobs implements Jobs, JobLog.Listener {

    private final JobHost host;
    private final QueueContext context;
    private final JobSettings settings;
    private final JobTable table = new JobTable();
    private final JobListeners listeners = new JobListeners();
    private final JobMoves moves;
    private final QueueJobs queues;
    private final JobTakes takes;
    private final JobEvents events;
    private final JobStore store;

    public LiveJobs(JobHost host, JobSettings settings) {
        this.host = host;
        this.context = host.context();
        this.settings = settings;
        this.takes = new JobTakes(host, this);
        this.events = new JobEvents(host, this);
        this.store = new JobStore(host, table, this);
        this.moves = new JobMoves(host, table, store);
        this.queues = new QueueJobs(table, store, moves, context.clock());
    }

    /** Reads the jobs at a start, if there are any; completes on the owner's thread. */
    public CompletableFuture<Void> load() {
        return host.hasLog() ? store.open().thenRun(this::opened) : done();
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * The log cannot be read at a start, so it is unknown which messages are jobs that are done:
     * every queue holds messages whose id is that of a job, until the log is read.
     */
    public void holdAll() {
        host.queues().forEach(this::watch);
    }

    /** Reads the jobs again after a failure. */
    public CompletableFuture<Void> reopen() {
        return store.reopen().thenRun(this::opened);
    }

    /** The broker stops: deliveries that end from now on are not failures of their workers. */
    public void stopping() {
        queues.stopping();
    }

    public void close() {
        queues.stopping();
        moves.times().close();
        store.close();
    }

    /** Puts what was read in order: no worker holds a job, and some queues may be gone. */
    private void opened() {
        Set<String> names = new HashSet<>();
        for (Job job : List.copyOf(table.live())) {
            names.add(job.queue());
            if (job.now.state() == JobState.RUNNING) {
                moves.released(job);
            }
            if (!job.now.isFinal() && host.queue(job.queue()).isEmpty()) {
                moves.end(job, JobState.DEAD, "its queue was deleted");
            }
            moves.times().note(job);
        }
        names.forEach(name -> host.queue(name).ifPresent(this::watch));
        host.queues().forEach(this::reopened); // What they held is judged again.
        events.begin();
    }

    private void watch(AnyQueue queue) {
        if (queue instanceof Queue one) {
            one.watch(queues.watch(queue.name()));
        }
    }

    /** Watches a queue that was opened anew, if it holds jobs. */
    public void reopened(AnyQueue queue) {
        if (queues.isWatched(queue.name())) {
            watch(queue);
        }
    }

    private long nowMs() {
        return context.clock().millis();
    }

    private Turn turn() {
        return context.turn();
    }

    JobLog log() {
        return store.log();
    }

    // Requests

    @Override
    public CompletableFuture<Enqueued> enqueue(JobOrder order) {
        if (!store.isOpen()) {
            return store.first().thenCompose(isFirst -> {
                if (isFirst) {
                    opened();
                }
                return enqueue(order);
            });
        }
        Optional<CompletableFuture<Enqueued>> before = earlier(order.terms());
        return before.orElseGet(() -> add(order));
    }

    /** The job of an earlier request with the same idempotency key. */
    private Optional<CompletableFuture<Enqueued>> earlier(JobTerms terms) {
        return table.byIdempotency(terms.idempotency()).map(id -> {
            JobStatus known = known(id);
            if (!java.util.Objects.equals(known.terms().fingerprint(), terms.fingerprint())) {
                throw JobException.of(Reason.KEY_REUSED,
                        "the idempotency key belongs to a request with another content", id);
            }
            if (table.live(id).filter(job -> job.durable == null).isPresent()) {
                throw JobException.of(Reason.KEY_BUSY,
                        "a request with this idempotency key is being stored", id);
            }
            return CompletableFuture.completedFuture(new Enqueued(known, true));
        });
    }

    /** The state of a job that exists: the durable one, if there is one. */
    private JobStatus known(UUID id) {
        Optional<Job> live = table.live(id);
        if (live.isPresent()) {
            JobStatus durable = live.get().durable;
            return durable == null ? live.get().now : durable;
        }
        return table.finished(id).map(it -> log().read(it.offset()).status())
                .orElseThrow(() -> unknown(id));
    }

    private static JobException unknown(UUID id) {
        return JobException.of(Reason.UNKNOWN, "there is no job " + id);
    }

    private CompletableFuture<Enqueued> add(JobOrder order) {
        JobTerms terms = order.terms();
        table.byUniqueKey(terms.uniqueKey()).ifPresent(id -> {
            throw JobException.of(Reason.NOT_UNIQUE,
                    "an unfinished job has the same unique key", id);
        });
        UUID id = order.id().orElseGet(() -> JobIds.next(nowMs(), host.newId()));
        if (table.has(id)) {
            throw JobException.of(Reason.NOT_UNIQUE, "there is a job " + id + " already", id);
        }
        if (table.live().size() >= settings.mostUnfinished()) {
            throw JobException.of(Reason.TOO_MANY, "the virtual host has "
                    + settings.mostUnfinished() + " unfinished jobs, the most it may");
        }
        AnyQueue queue = queueFor(terms.queue());
        if (turn().isRefusing()) {
            throw JobException.of(Reason.OUT_OF_SERVICE, "nothing can be stored at present");
        }
        Message message = new Message("", terms.queue(), order.message().properties()
                .withText(Property.MESSAGE_ID, id.toString())
                .withOctet(Property.DELIVERY_MODE, 2), order.message().body());
        long nowMs = nowMs();
        boolean waits = order.dueAtMs() > nowMs;
        Job job = new Job(new JobStatus(id, terms, waits ? JobState.SCHEDULED : JobState.QUEUED, 0,
                0, nowMs, nowMs, waits ? order.dueAtMs() : 0, 0, "", JobStatus.Outcome.NONE,
                !waits, 1));
        int step = turn().beginStep();
        assert step >= 0 : "a turn has fewer than 2^31 steps";
        try {
            store(job, queue, message, waits);
        } finally {
            turn().endStep();
        }
        table.add(job);
        moves.times().note(job);
        CompletableFuture<JobStatus> stored = job.stored();
        if (turn().isFull()) {
            turn().flush();
        }
        return stored.thenApply(status -> new Enqueued(status, false));
    }

    private void store(Job job, AnyQueue queue, Message message, boolean waits) {
        if (waits) {
            job.message = message;
            log().added(job);
            return;
        }
        moves.arrives(job);
        log().added(job);
        if (!host.store(queue, message)) {
            log().withdraw(job);
            throw JobException.of(Reason.REFUSED, "queue '" + queue.name()
                    + "' is full or out of use");
        }
    }

    private AnyQueue queueFor(String name) {
        AnyQueue queue = host.queue(name).orElseThrow(() -> new BrokerException(
                BrokerError.QUEUE_NOT_FOUND,
                "no queue '" + name + "' in vhost '" + host.name() + "'"));
        if (!(queue instanceof Queue) || !queue.declaration().durable()
                || queue.exclusiveTo().isPresent()) {
            throw JobException.invalid("queue '" + name
                    + "' is not a durable queue, which jobs need");
        }
        if (!queues.isWatched(name)) {
            watch(queue);
        }
        return queue;
    }

    @Override
    public CompletableFuture<Optional<JobStatus>> find(UUID id) {
        if (!store.isOpen()) {
            return store.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(store.outOfService());
        }
        Optional<Job> live = table.live(id);
        if (live.isPresent()) {
            JobStatus durable = live.get().durable;
            return durable == null
                    ? live.get().stored().thenApply(Optional::of)
                    : CompletableFuture.completedFuture(Optional.of(durable));
        }
        return CompletableFuture.completedFuture(
                table.finished(id).map(it -> log().read(it.offset()).status()));
    }

    @Override
    public CompletableFuture<Optional<JobStatus>> await(UUID id, Predicate<JobStatus> wanted,
            Duration patience) {
        return find(id).thenCompose(found -> found.isEmpty() || wanted.test(found.get())
                || patience.isZero()
                        ? CompletableFuture.completedFuture(found)
                        : new JobWaiting(this, context, id, wanted).begin(patience));
    }

    @Override
    public CompletableFuture<Optional<Message>> message(UUID id) {
        store.check();
        Optional<Job> live = table.live(id).filter(job -> job.now.state().isWaiting());
        if (live.isPresent()) {
            return CompletableFuture.completedFuture(log().message(live.get()));
        }
        return CompletableFuture.completedFuture(table.finished(id)
                .filter(it -> it.state() == JobState.DEAD)
                .flatMap(it -> log().read(it.offset()).message()));
    }

    @Override
    public CompletableFuture<List<JobStatus>> list(Predicate<JobStatus> wanted, int most) {
        if (store.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        store.check();
        List<JobStatus> found = new ArrayList<>();
        for (Job job : table.live()) {
            JobStatus durable = job.durable;
            if (found.size() < most && durable != null && wanted.test(durable)) {
                found.add(durable);
            }
        }
        if (found.size() < most) {
            store.finished(wanted, most - found.size(), found);
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public Counts counts() {
        return new Counts(table.live().size(), table.finished().size());
    }

    @Override
    public CompletableFuture<JobStatus> cancel(UUID id) {
        Optional<Job> live = liveOf(id);
        if (live.isEmpty() || live.get().now.isFinal()) {
            JobStatus known = live.map(job -> job.now).orElseGet(() -> known(id));
            if (known.state() == JobState.CANCELLED) {
                return live.map(Job::stored)
                        .orElseGet(() -> CompletableFuture.completedFuture(known));
            }
            throw finished(known);
        }
        Job job = live.get();
        moves.close(job, new Ending(JobState.CANCELLED, JobResult.NONE, "cancelled", ""));
        return job.stored();
    }

    private Optional<Job> liveOf(UUID id) {
        if (store.isEmpty()) {
            throw unknown(id);
        }
        store.check();
        return table.live(id);
    }

    private static JobException finished(JobStatus status) {
        return JobException.of(Reason.FINISHED,
                "the job is " + status.state().text() + " already", status.id());
    }

    @Override
    public CompletableFuture<JobStatus> retry(UUID id) {
        Optional<Job> live = liveOf(id);
        Job job = live.orElseGet(() -> revived(id));
        if (job.now.state() != JobState.DEAD) {
            throw JobException.of(Reason.WRONG_STATE, "only a dead job can be retried; this one is "
                    + job.now.state().text(), id);
        }
        AnyQueue queue = queueFor(job.queue());
        table.byUniqueKey(job.now.terms().uniqueKey()).ifPresent(other -> {
            throw JobException.of(Reason.NOT_UNIQUE,
                    "an unfinished job has the same unique key", other);
        });
        job.message = log().message(job).orElseThrow(() -> JobException.of(Reason.WRONG_STATE,
                "the message of the job is gone with its queue", id));
        if (turn().isRefusing() || !moves.enter(job, queue)) {
            job.message = null;
            throw JobException.of(Reason.REFUSED, "queue '" + queue.name()
                    + "' is full or out of use");
        }
        job.now = job.now.withAttempt(0);
        table.add(job);
        return job.stored();
    }

    private Job revived(UUID id) {
        JobTable.Finished finished = table.finished(id).orElseThrow(() -> unknown(id));
        Job job = new Job(log().read(finished.offset()).status());
        job.durable = job.now;
        job.offset = finished.offset();
        return job;
    }

    @Override
    public CompletableFuture<List<Taken>> take(Take request) {
        store.checkNotOut();
        return takes.take(request);
    }

    @Override
    public CompletableFuture<JobStatus> succeed(UUID id, int run, JobResult result) {
        Optional<Job> live = liveOf(id);
        JobStatus now = live.map(job -> job.now).orElseGet(() -> known(id));
        checkRun(now, run);
        if (now.state() == JobState.SUCCEEDED) {
            return live.map(Job::stored).orElseGet(() -> CompletableFuture.completedFuture(now));
        }
        if (live.isEmpty() || now.isFinal()) {
            throw finished(now);
        }
        moves.close(live.get(), new Ending(JobState.SUCCEEDED, result, "", ""));
        return live.get().stored();
    }

    private static void checkRun(JobStatus status, int run) {
        if (run != ANY_RUN && run != status.run()) {
            throw JobException.of(Reason.NOT_HELD,
                    "another attempt has begun since this worker got the job", status.id());
        }
    }

    @Override
    public CompletableFuture<JobStatus> fail(UUID id, int run, String reason, String error,
            boolean mayRetry) {
        Job job = held(id, run);
        Delivery held = job.delivery;
        job.ending = new Ending(mayRetry ? JobState.FAILED : JobState.DEAD, JobResult.NONE, reason,
                error);
        if (held != null) {
            held.reject(); // Calls failed, which applies the ending.
        }
        if (job.ending != null) {
            job.ending = null;
            throw JobException.of(Reason.OUT_OF_SERVICE, "the message cannot be read at present");
        }
        return job.stored();
    }

    /** A running job that the caller holds. */
    private Job held(UUID id, int run) {
        Job job = liveOf(id).orElseGet(() -> {
            throw finished(known(id));
        });
        checkRun(job.now, run);
        if (job.now.isFinal()) {
            throw finished(job.now);
        }
        if (!job.isHeld()) {
            throw JobException.of(Reason.NOT_HELD, "the job is not running; it is "
                    + job.now.state().text(), id);
        }
        return job;
    }

    @Override
    public CompletableFuture<JobStatus> heartbeat(UUID id, int run, Optional<Duration> lease) {
        Job job = held(id, run);
        lease.ifPresent(time -> moves.lease(job, time));
        return CompletableFuture.completedFuture(job.now);
    }

    @Override
    public CompletableFuture<JobStatus> progress(UUID id, int run, int percent, String note) {
        Job job = held(id, run);
        job.now = job.now.with(job.now.outcome().withProgress(percent, note));
        log().changed(job);
        return job.stored();
    }

    @Override
    public CompletableFuture<JobStatus> result(UUID id, JobResult result) {
        Job job = liveOf(id).orElseGet(() -> revived(id));
        boolean takesOne = job.now.state() == JobState.RUNNING
                || (job.now.state() == JobState.SUCCEEDED
                        && job.now.outcome().resultType().isEmpty());
        if (!takesOne) {
            throw job.now.isFinal()
                    ? finished(job.now)
                    : JobException.of(Reason.NOT_HELD, "the job is not running", id);
        }
        job.now = job.now.with(job.now.outcome().withResult(result));
        table.add(job);
        log().changed(job);
        return job.stored();
    }

    @Override
    public Registration watch(UUID id, JobListener listener) {
        return listeners.add(id, listener);
    }

    boolean isOpen() {
        return store.isOpen();
    }

    /** Gives the job of a delivery to a worker, by a lease; empty if the message is not a job. */
    Optional<Job> hold(Delivery delivery, Message message, Duration lease, String worker) {
        return message.properties().text(Property.MESSAGE_ID).flatMap(JobIds::parse)
                .flatMap(table::live).filter(job -> delivery.equals(job.delivery)).map(job -> {
                    job.now = job.now.by(worker);
                    moves.lease(job, lease);
                    log().changed(job);
                    return job;
                });
    }

    /** The worker that asked for a job left before it got it. */
    void unclaimed(JobStatus status) {
        queues.running(status.id(), status.run()).ifPresent(job -> {
            Delivery held = job.delivery;
            job.ending = Ending.failed("its worker left before it got the job");
            if (held != null) {
                held.reject();
            }
        });
    }

    /** The worker of a job is alive; extends its lease to what it was. */
    void alive(UUID id) {
        Job job = held(id, ANY_RUN);
        if (job.leaseEndMs != 0) {
            moves.lease(job, Duration.ofMillis(Math.max(1000, job.leaseMs)));
        }
    }

    // Calls of the log

    @Override
    public void durable(Job job, JobStatus status) {
        if (table.live(job.id()).filter(job::equals).isEmpty()) {
            return;
        }
        job.durable = status;
        job.tellStored(status);
        if (job.now.version() == status.version()) {
            job.message = null;
            if (status.isFinal() && !job.now.inQueue()) {
                table.finish(job);
                table.forget(nowMs() - settings.retention().toMillis(), settings.mostFinished(),
                        log()::forget);
            }
        }
        listeners.tell(status);
    }

    @Override
    public void dropped(Job job, String why) {
        table.remove(job);
        fail(job, why);
    }

    @Override
    public void delayed(Job job, String why) {
        fail(job, why);
    }

    private static void fail(Job job, String why) {
        job.tellFailed(JobException.of(Reason.OUT_OF_SERVICE, "nothing can be stored: " + why));
    }

    @Override
    public void failed(Throwable cause) {
        store.out();
        table.live().forEach(job -> fail(job, String.valueOf(cause.getMessage())));
        host.failed(cause);
    }
}
