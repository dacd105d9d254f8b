package io.taffrail.broker.job;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of the states of a virtual host's jobs, compacted by job id. A turn stores one record for
 * each job that changed in it, with the state that the job has at its end. A job whose record is
 * null was forgotten. Owner thread only.
 */
final class JobLog extends TurnMember {

    private static final int READ_BYTES = 256 << 10;
    /** About the size of a record without message and result. */
    private static final int RECORD_BYTES = 600;

    /** Told what becomes of changes. */
    interface Listener {

        /** A state is durable. */
        void durable(Job job, JobStatus status);

        /** A new job was not stored, and never will be. */
        void dropped(Job job, String why);

        /** A change is not stored yet, and goes with a later turn. */
        void delayed(Job job, String why);

        /** The states in memory do not match the log: it has to be read again. */
        void failed(Throwable cause);
    }

    /** Takes a record of the log. */
    interface Reader {

        /** Takes the last record so far of a job; empty: it was forgotten. */
        void record(UUID id, long offset, Optional<JobStatus> status);
    }

    private record Change(Job job, JobStatus status, boolean moved) {}

    private final WritableLog log;
    private final Turn turn;
    private final InstantSource clock;
    private final Listener listener;
    /** Changed jobs; true: the change is stored with a later turn if this one is refused. */
    private Map<Job, Boolean> changed = new LinkedHashMap<>();
    private List<UUID> forgotten = new ArrayList<>();
    private List<Change> collected = List.of();
    private List<UUID> collectedForgotten = List.of();
    private boolean failed;

    JobLog(WritableLog log, Turn turn, InstantSource clock, Listener listener) {
        this.log = log;
        this.turn = turn;
        this.clock = clock;
        this.listener = listener;
    }

    WritableLog log() {
        return log;
    }

    /** Adds a new job to this step of the turn, which also stores its message, or neither. */
    void added(Job job) {
        changed.put(job, turn.isMoving());
        turn.joinBinding(this, sizeOf(job));
    }

    /** Adds a change to this turn. */
    void changed(Job job) {
        changed.merge(job, true, (before, now) -> before && now);
        turn.join(this, sizeOf(job));
    }

    /** Adds a change that can wait for a few milliseconds. */
    void changedLater(Job job) {
        changed.merge(job, true, (before, now) -> before && now);
        turn.joinLater(this);
    }

    /** Takes back a new job of the open turn. */
    void withdraw(Job job) {
        changed.remove(job);
    }

    /** Removes a finished job from the log, at some time. */
    void forget(UUID id) {
        forgotten.add(id);
        turn.joinLater(this);
    }

    private static int sizeOf(Job job) {
        Message message = job.message;
        return RECORD_BYTES + (message == null ? 0 : message.body().remaining())
                + job.now.outcome().result().length;
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (failed || (changed.isEmpty() && forgotten.isEmpty())) {
            return;
        }
        collected = new ArrayList<>(changed.size());
        BatchBuilder batch = new BatchBuilder();
        changed.forEach((job, moved) -> {
            collected.add(new Change(job, job.now, moved));
            batch.add(clock.millis(), key(job.id()), JobJson.of(job.now),
                    JobCodec.headers(job.now, messageOf(job)));
        });
        collectedForgotten = forgotten;
        forgotten.forEach(id -> batch.add(clock.millis(), key(id), null, List.of()));
        changed = new LinkedHashMap<>();
        forgotten = new ArrayList<>();
        appends.add(this, log, batch.build());
        appends.listen(new Outcome(collected));
    }

    private @Nullable Message messageOf(Job job) {
        return job.now.state().holdsMessage() ? message(job).orElse(null) : null;
    }

    /**
     * The message of a job that is in no queue; empty if its record has none.
     *
     * @throws LogFailedException
     *             if its record cannot be read
     */
    Optional<Message> message(Job job) {
        Message held = job.message;
        if (held != null) {
            return Optional.of(held);
        }
        return job.offset < 0 ? Optional.empty() : read(job.offset).message();
    }

    private static ByteBuffer key(UUID id) {
        return ByteBuffer.wrap(id.toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        List<Change> changes = collected;
        collected = List.of();
        collectedForgotten = List.of();
        for (int index = 0; index < changes.size(); index++) {
            changes.get(index).job().offset = result.baseOffset() + index;
        }
    }

    /** The outcome of a turn for the changes that were collected in it. */
    private final class Outcome implements TurnListener {

        private final List<Change> changes;

        Outcome(List<Change> changes) {
            this.changes = changes;
        }

        @Override
        public void durable() {
            if (!failed) {
                changes.forEach(change -> Guard.run("JOB-001",
                        "telling that " + change.job() + " is stored",
                        () -> listener.durable(change.job(), change.status())));
            }
        }

        @Override
        public void durableWithout(BitSet lost, String detail) {
            durable(); // If this log's part is lost, it was told of that and has failed.
        }

        @Override
        public void failed(String detail) {
            changes.forEach(change -> listener.delayed(change.job(), detail));
        }
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        List<Change> changes = collected;
        collected = List.of();
        forgotten.addAll(0, collectedForgotten);
        collectedForgotten = List.of();
        Map<Job, Boolean> again = new LinkedHashMap<>();
        List<Job> dropped = new ArrayList<>();
        for (Change change : changes) {
            if (change.job().offset < 0 && !change.moved()) {
                dropped.add(change.job());
            } else {
                again.put(change.job(), true);
            }
        }
        again.putAll(changed);
        dropped.forEach(again::remove);
        changed = again;
        if (!again.isEmpty() || !forgotten.isEmpty()) {
            turn.joinLater(this);
        }
        dropped.forEach(job -> listener.dropped(job, refusal.detail()));
        again.keySet().forEach(job -> listener.delayed(job, refusal.detail()));
    }

    @Override
    protected void failed(Throwable cause, boolean own) {
        if (!failed) {
            failed = true;
            changed = new LinkedHashMap<>();
            forgotten = new ArrayList<>();
            listener.failed(cause);
        }
    }

    /** Work in steps that passes every record to a reader. */
    static Steps.Work replay(WritableLog from, Reader reader) {
        return new Steps.Work() {
            private long next = from.startOffset();

            @Override
            public boolean goOn(Budget budget) {
                while (next < from.durableEnd() && !budget.isSpent()) {
                    ByteBuffer batches = LogReplay.batches(from, next, READ_BYTES);
                    int[] count = new int[1];
                    next = LogReplay.walk(batches, next, record -> {
                        count[0]++;
                        pass(record, reader);
                    });
                    budget.spend(count[0], batches.position());
                }
                return next >= from.durableEnd();
            }
        };
    }

    private static void pass(RecordView record, Reader reader) {
        UUID id = id(record);
        if (id != null) {
            reader.record(id, record.offset(), record.value() == null
                    ? Optional.empty()
                    : JobCodec.read(id, record.headers()).map(JobCodec.Stored::status));
        }
    }

    private static @Nullable UUID id(RecordView record) {
        ByteBuffer key = record.key();
        if (key == null) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return JobIds.parse(new String(bytes, StandardCharsets.US_ASCII)).orElse(null);
    }

    /**
     * Reads one record.
     *
     * @throws LogFailedException
     *             if it cannot be read
     */
    JobCodec.Stored read(long offset) {
        ByteBuffer batches = LogReplay.batches(log, offset, 1);
        List<JobCodec.Stored> found = new ArrayList<>(1);
        long behind = LogReplay.walk(batches, offset, record -> {
            UUID id = record.offset() == offset ? id(record) : null;
            if (id != null) {
                JobCodec.read(id, record.headers()).ifPresent(found::add);
            }
        });
        if (found.isEmpty()) {
            throw new LogFailedException(log.id() + " has no job at " + offset + ", before "
                    + behind);
        }
        return found.getFirst();
    }

    @Override
    public String toString() {
        return "the jobs in " + log.id();
    }

    void close() {
        log.close();
    }
}
