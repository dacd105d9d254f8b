package io.taffrail.broker.job;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Those who wait for changes of single jobs. An idle listener costs its memory only. */
final class JobListeners {

    private final Map<UUID, List<JobListener>> listeners = new HashMap<>();

    Registration add(UUID id, JobListener listener) {
        listeners.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(listener);
        return () -> remove(id, listener);
    }

    private void remove(UUID id, JobListener listener) {
        listeners.computeIfPresent(id, (_, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    void tell(JobStatus status) {
        List<JobListener> all = listeners.get(status.id());
        if (all != null) {
            for (JobListener each : List.copyOf(all)) {
                Guard.run("JOB-002", "a listener to job " + status.id(),
                        () -> each.changed(status));
            }
        }
    }
}
