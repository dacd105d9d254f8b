package io.taffrail.cli.control;

import io.taffrail.log.LogId;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.local.ScrubReport;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Handles {@code {"command":"scrub","rate":BYTES_PER_SECOND,"logs":[…]}}: sends a line for each
 * damage found, lines of progress, and a last line with {@code "done":true}.
 */
final class ScrubHandler implements ControlSocket.Handler {

    /** Bytes read between two lines of progress. */
    private static final long PROGRESS_BYTES = 64L << 20;

    private final LocalLogEngine engine;

    ScrubHandler(LocalLogEngine engine) {
        this.engine = engine;
    }

    @Override
    public void handle(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        long rate = request.get("rate") instanceof BigDecimal number
                ? number.longValueExact()
                : Long.MAX_VALUE;
        if (rate < 1) {
            throw new IllegalArgumentException("the rate must be 1 or more");
        }
        Set<LogId> wanted = new HashSet<>();
        if (request.get("logs") instanceof List<?> logs) {
            logs.forEach(it -> wanted.add(new LogId(String.valueOf(it))));
        }
        Set<LogId> unknown = new HashSet<>(wanted);
        unknown.removeAll(engine.logs());
        if (!unknown.isEmpty()) {
            throw RequestException.notFound("no log '" + unknown.iterator().next() + "'");
        }
        ScrubReport.Progress done = engine.scrub(wanted, rate, new Teller(answer));
        Map<String, Object> last = progress(done);
        last.put("done", true);
        answer.accept(last);
    }

    private static Map<String, Object> progress(ScrubReport.Progress progress) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("segments", progress.segments());
        object.put("batches", progress.batches());
        object.put("bytes", progress.bytes());
        object.put("damages", progress.damages());
        return object;
    }

    /** Reports to the client; if it disconnects, the scrub stops. */
    private static final class Teller implements ScrubReport {

        private final Consumer<Map<String, ?>> answer;
        private long toldBytes;
        private boolean wanted = true;

        Teller(Consumer<Map<String, ?>> answer) {
            this.answer = answer;
        }

        private void tell(Map<String, ?> object) {
            try {
                answer.accept(object);
            } catch (UncheckedIOException e) {
                wanted = false;
            }
        }

        @Override
        public void damage(LogId log, Path segment, long position, String text) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("damage", text);
            object.put("log", log);
            object.put("file", segment);
            object.put("position", position);
            tell(object);
        }

        @Override
        public void progress(Progress progress) {
            if (progress.bytes() - toldBytes >= PROGRESS_BYTES) {
                toldBytes = progress.bytes();
                tell(ScrubHandler.progress(progress));
            }
        }

        @Override
        public boolean isWanted() {
            return wanted;
        }
    }
}
