package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.state.CommitCheck;
import io.taffrail.log.state.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The atomic append to several logs. Every batch is first written to its segment. Only if none is
 * refused are all batches added to one journal group and counted in. After a crash the group is
 * complete or absent. Runs on the thread of the logs' owner.
 */
final class AtomicCommit {

    private final Journal journal;
    private final Admission admission;

    AtomicCommit(Journal journal, Admission admission) {
        this.journal = journal;
        this.admission = admission;
    }

    CommitResult commit(List<LogAppend> appends) {
        Verdict.Duplicate[] duplicates = new Verdict.Duplicate[appends.size()];
        LocalLog.Reserved[] reserved = new LocalLog.Reserved[appends.size()];
        Map<LocalLog, CommitCheck> checks = new HashMap<>();
        for (int i = 0; i < reserved.length; i++) {
            LocalLog log = local(appends.get(i));
            ByteBuffer batch = appends.get(i).batch();
            AppendResult.Refused refused = log.refusal(batch);
            if (refused == null) {
                CommitCheck check = checks.computeIfAbsent(log,
                        it -> it.stored().state().checkCommit());
                switch (check.check(batch, batch.position())) {
                    case Verdict.Accept _ -> {
                        try {
                            reserved[i] = log.reserve(batch);
                            check.accepted(batch, batch.position());
                        } catch (IOException e) {
                            refused = log.storageRefused(e);
                        } catch (Throwable e) {
                            refused = log.quarantine(e);
                        }
                    }
                    case Verdict.Duplicate duplicate -> duplicates[i] = duplicate;
                    case Verdict.Refuse(Refusal reason, String detail) ->
                        refused = new AppendResult.Refused(reason, detail);
                }
            }
            if (refused != null) {
                return refused(appends, i, refused);
            }
        }
        return publish(appends, reserved, duplicates);
    }

    private static CommitResult refused(List<LogAppend> appends, int index,
            AppendResult.Refused refused) {
        for (LogAppend append : appends) {
            local(append).clearReservation();
            local(append).refused(append.batch(), refused);
        }
        return new CommitResult.Refused(index, refused);
    }

    private CommitResult publish(List<LogAppend> appends, LocalLog.@Nullable Reserved[] reserved,
            Verdict.@Nullable Duplicate[] duplicates) {
        journal.lock();
        try {
            if (!journal.reserve(journaledBytes(appends, reserved))) {
                return refused(appends, 0, admission.notReserved());
            }
            long[] groups = new long[reserved.length];
            try {
                journal.together(() -> journal(appends, reserved, groups));
            } catch (Throwable e) {
                FailStop.check(e);
                appends.forEach(it -> local(it).clearReservation());
                throw new LogFailedException("nothing of a commit was stored: " + e, e);
            }
            // The journal has the whole commit: from here on no failure of a log withdraws it.
            return counted(appends, reserved, duplicates, groups);
        } finally {
            journal.unlock();
        }
    }

    private static long journaledBytes(List<LogAppend> appends,
            LocalLog.@Nullable Reserved[] reserved) {
        long bytes = 0;
        for (int i = 0; i < reserved.length; i++) {
            LocalLog.Reserved batch = reserved[i];
            LocalLog log = local(appends.get(i));
            bytes += batch != null && log.isJournaled() ? log.journaledBytes(batch) : 0;
        }
        return bytes;
    }

    private static void journal(List<LogAppend> appends, LocalLog.@Nullable Reserved[] reserved,
            long[] groups) {
        for (int i = 0; i < groups.length; i++) {
            LocalLog.Reserved batch = reserved[i];
            LocalLog log = local(appends.get(i));
            if (batch != null && log.isJournaled()) {
                groups[i] = log.journal(batch);
            }
        }
    }

    private static CommitResult counted(List<LogAppend> appends,
            LocalLog.@Nullable Reserved[] reserved, Verdict.@Nullable Duplicate[] duplicates,
            long[] groups) {
        List<AppendResult> results = new ArrayList<>(reserved.length);
        List<CompletableFuture<Void>> durable = new ArrayList<>(reserved.length);
        for (int i = 0; i < reserved.length; i++) {
            LocalLog.Reserved batch = reserved[i];
            LocalLog log = local(appends.get(i));
            AppendResult result = batch != null
                    ? log.count(batch, groups[i])
                    : log.duplicate(Objects.requireNonNull(duplicates[i]));
            results.add(result);
            durable.add(durable(result));
        }
        return new CommitResult.Committed(List.copyOf(results),
                CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new)));
    }

    private static CompletableFuture<Void> durable(AppendResult result) {
        return switch (result) {
            case AppendResult.Stored stored -> stored.durable();
            case AppendResult.Duplicate duplicate -> duplicate.durable();
            // A log that is not journaled has failed: the outcome of its part is unknown.
            case AppendResult.Refused refused ->
                CompletableFuture.failedFuture(new LogFailedException(refused.detail()));
        };
    }

    private static LocalLog local(LogAppend append) {
        return (LocalLog) append.log();
    }
}
