package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scrubber of the open logs: runs on request and, if configured, periodically in the
 * background. Logs each damage once.
 */
final class Scrubber {

    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final int MOST_TOLD = 1000;

    private final InstantSource clock;
    private final Supplier<Collection<LocalLog>> logs;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Threads threads;
    private @Nullable Worker thread;
    private volatile boolean closing;

    Scrubber(InstantSource clock, Threads threads, Supplier<Collection<LocalLog>> logs) {
        this.clock = clock;
        this.threads = threads;
        this.logs = logs;
    }

    /** Starts background scrubs with a pause of {@code interval} after each; none if it is zero. */
    void start(Duration interval, long bytesPerSecond) {
        if (interval.isPositive()) {
            Worker started = threads.worker("taffrail-scrub");
            started.every(interval, () -> inBackground(bytesPerSecond));
            thread = started;
        }
    }

    private void inBackground(long bytesPerSecond) {
        ScrubReport.Progress done = scrub(Set.of(), bytesPerSecond, new ScrubReport() {

            @Override
            public void damage(LogId log, Path segment, long position, String text) {}

            @Override
            public void progress(Progress progress) {}

            @Override
            public boolean isWanted() {
                return true;
            }
        });
        LOG.info("SCR-002 scrubbed {} segments, {} bytes: {} damaged", done.segments(),
                done.bytes(), done.damages());
    }

    /** Scrubs the wanted logs on the calling thread; all open logs if {@code wanted} is empty. */
    ScrubReport.Progress scrub(Set<LogId> wanted, long bytesPerSecond, ScrubReport report) {
        Scrub scrub = new Scrub(bytesPerSecond, clock, telling(report));
        for (LocalLog log : logs.get()) {
            if (wanted.isEmpty() || wanted.contains(log.id())) {
                scrub.log(log);
            }
        }
        return scrub.progress();
    }

    /** Wraps a report so that damage is also logged and the scrub ends when the engine closes. */
    private ScrubReport telling(ScrubReport report) {
        return new ScrubReport() {

            @Override
            public void damage(LogId log, Path segment, long position, String text) {
                if (told.size() < MOST_TOLD && told.add(segment + "@" + position)) {
                    LOG.error("SCR-001 {} is damaged at {}: {}; log {}", segment, position, text,
                            log);
                }
                report.damage(log, segment, position, text);
            }

            @Override
            public void progress(Progress progress) {
                report.progress(progress);
            }

            @Override
            public boolean isWanted() {
                return !closing && report.isWanted();
            }
        };
    }

    /**
     * Ends the background scrub; false if it is still running when {@code patience} has elapsed.
     */
    boolean close(Duration patience) {
        closing = true;
        Worker started = thread;
        return started == null || started.end(patience);
    }
}
