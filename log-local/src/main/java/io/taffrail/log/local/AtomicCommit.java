package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Appends to several logs as one step: every batch is written to its segment first, and only when
 * none was refused are all counted in and put into one group of the journal, which a crash leaves
 * whole or not at all.
 */
final class AtomicCommit {

    private final Journal journal;

    AtomicCommit(Journal journal) {
        this.journal = journal;
    }

    CommitResult commit(List<LogAppend> appends) {
        AppendResult[] results = new AppendResult[appends.size()];
        LocalLog.Reserved[] reserved = new LocalLog.Reserved[appends.size()];
        for (int i = 0; i < results.length; i++) {
            LocalLog log = local(appends.get(i));
            AppendResult decided = log.refusal(appends.get(i).batch());
            decided = decided != null ? decided : log.decide(appends.get(i).batch());
            if (decided == null) {
                try {
                    reserved[i] = log.reserve(appends.get(i).batch());
                    continue;
                } catch (IOException e) {
                    decided = log.storageRefused(e);
                }
            }
            if (decided instanceof AppendResult.Refused refused) {
                appends.forEach(it -> local(it).clearReservation());
                return new CommitResult.Refused(i, refused);
            }
            results[i] = decided;
        }
        return publish(appends, reserved, results);
    }

    private CommitResult publish(List<LogAppend> appends, LocalLog.@Nullable Reserved[] reserved,
            AppendResult[] results) {
        journal.lock();
        try {
            for (int i = 0; i < results.length; i++) {
                LocalLog.Reserved batch = reserved[i];
                if (batch != null) {
                    results[i] = local(appends.get(i)).publish(batch);
                }
            }
        } catch (IOException e) {
            throw new LogFailedException("a commit failed half-way; restart to recover", e);
        } finally {
            journal.unlock();
        }
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (AppendResult result : results) {
            switch (result) {
                case AppendResult.Stored stored -> durable.add(stored.durable());
                case AppendResult.Duplicate duplicate -> durable.add(duplicate.durable());
                case AppendResult.Refused refused ->
                    throw new IllegalStateException("refused after it was reserved: " + refused);
            }
        }
        return new CommitResult.Committed(List.of(results),
                CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new)));
    }

    private static LocalLog local(LogAppend append) {
        return (LocalLog) append.log();
    }
}
