package io.taffrail.broker.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a virtual host by id and by keys. Unfinished jobs are in memory; of a finished job
 * only the position of its record is, about 150 bytes each. Owner thread only.
 */
final class JobTable {

    /** A finished job. */
    record Finished(long offset, JobState state, long finishedMs, @Nullable UUID idempotency) {}

    private final Map<UUID, Job> live = new HashMap<>();
    /** In the order in which they finished. */
    private final Map<UUID, Finished> finished = new LinkedHashMap<>();
    private final Map<UUID, UUID> byIdempotency = new HashMap<>();
    private final Map<String, UUID> byUniqueKey = new HashMap<>();

    Optional<Job> live(UUID id) {
        return Optional.ofNullable(live.get(id));
    }

    Optional<Finished> finished(UUID id) {
        return Optional.ofNullable(finished.get(id));
    }

    boolean has(UUID id) {
        return live.containsKey(id) || finished.containsKey(id);
    }

    Collection<Job> live() {
        return live.values();
    }

    /** Finished jobs, the one that finished first at the beginning. */
    Map<UUID, Finished> finished() {
        return finished;
    }

    Optional<UUID> byIdempotency(@Nullable UUID hash) {
        return hash == null ? Optional.empty() : Optional.ofNullable(byIdempotency.get(hash));
    }

    Optional<UUID> byUniqueKey(String key) {
        return key.isEmpty() ? Optional.empty() : Optional.ofNullable(byUniqueKey.get(key));
    }

    void add(Job job) {
        finished.remove(job.id());
        live.put(job.id(), job);
        index(job);
    }

    private void index(Job job) {
        JobTerms terms = job.now.terms();
        UUID idempotency = terms.idempotency();
        if (idempotency != null) {
            byIdempotency.put(idempotency, job.id());
        }
        if (!terms.uniqueKey().isEmpty() && !job.now.isFinal()) {
            byUniqueKey.put(terms.uniqueKey(), job.id());
        }
    }

    /** The key of a job that is finished may be used again. */
    void ended(Job job) {
        byUniqueKey.remove(job.now.terms().uniqueKey(), job.id());
    }

    /** Removes a job that was not stored. */
    void remove(Job job) {
        live.remove(job.id(), job);
        ended(job);
        UUID idempotency = job.now.terms().idempotency();
        if (idempotency != null) {
            byIdempotency.remove(idempotency, job.id());
        }
    }

    /** Moves a job whose final state is stored out of memory. */
    void finish(Job job) {
        live.remove(job.id());
        ended(job);
        finished.remove(job.id());
        finished.put(job.id(), new Finished(job.offset, job.now.state(), job.now.changedMs(),
                job.now.terms().idempotency()));
    }

    /** Forgets jobs that finished before a time, and the first ones beyond a number. */
    void forget(long beforeMs, int most, Consumer<UUID> gone) {
        var each = finished.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<UUID, Finished> first = each.next();
            if (finished.size() <= most && first.getValue().finishedMs() >= beforeMs) {
                return;
            }
            each.remove();
            unkeyed(first.getKey(), first.getValue());
            gone.accept(first.getKey());
        }
    }

    private void unkeyed(UUID id, Finished job) {
        UUID idempotency = job.idempotency();
        if (idempotency != null) {
            byIdempotency.remove(idempotency, id);
        }
    }

    /** Takes a record of the log; later ones replace earlier ones. */
    void replay(UUID id, long offset, Optional<JobStatus> status) {
        live.remove(id);
        Finished before = finished.remove(id);
        if (status.isEmpty()) {
            if (before != null) {
                unkeyed(id, before);
            }
            return;
        }
        Job job = new Job(status.get());
        job.durable = job.now;
        job.offset = offset;
        live.put(id, job);
        UUID idempotency = job.now.terms().idempotency();
        if (idempotency != null) {
            byIdempotency.put(idempotency, id);
        }
        if (job.now.isFinal() && !job.now.inQueue()) {
            finish(job);
        }
    }

    void clear() {
        live.clear();
        finished.clear();
        byIdempotency.clear();
        byUniqueKey.clear();
    }

    /** Ends the replay. */
    void replayed() {
        live.values().forEach(this::index);
    }
}
