package io.taffrail.http.job;

import io.taffrail.broker.job.JobStatus;
import io.taffrail.http.job.JobScope.Use;
import io.taffrail.http.route.EventSink;
import io.taffrail.http.route.ServerEvent;
import io.taffrail.log.spi.Registration;
import io.taffrail.net.json.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one job as events {@code job}, whose id is the version of the state; the stream
 * ends with the final state. All but {@link #open} runs on the owner of the virtual host.
 */
final class JobEventStream {

    private final Use use;
    private final UUID id;
    private final EventSink sink;
    private @Nullable Registration listening;
    private int sent;
    private boolean over;

    JobEventStream(Use use, UUID id, EventSink sink) {
        this.use = use;
        this.id = id;
        this.sink = sink;
    }

    /** Begins; returns the way to stop. */
    Runnable open() {
        use.host().owner().execute(this::begin);
        return () -> use.host().owner().execute(this::end);
    }

    private void begin() {
        if (over) {
            return;
        }
        listening = use.host().jobs().watch(id, this::changed);
        var _ = use.host().jobs().find(id).whenComplete((found, failure) -> {
            if (failure == null && found.isPresent()) {
                changed(found.get());
            } else {
                sink.end();
            }
        });
    }

    private void changed(JobStatus status) {
        if (over || status.version() <= sent) {
            return;
        }
        sent = status.version();
        sink.send(new ServerEvent(String.valueOf(sent), "job",
                Json.write(JobDocument.of(status, EnqueueRoute.queryOf(use)))));
        if (status.isFinal()) {
            end();
            sink.end();
        }
    }

    private void end() {
        over = true;
        Registration open = listening;
        if (open != null) {
            open.close();
            listening = null;
        }
    }
}
