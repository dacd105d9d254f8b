package io.taffrail.broker.vhost;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until the test moves it, with timers that follow it. */
final class ManualTime implements InstantSource {

    private record Task(long atMs, Runnable body) {}

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final List<Task> tasks = new ArrayList<>();

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs.get());
    }

    /** Timers driven by this clock. */
    Timers timers() {
        return (delayMs, body) -> add(new Task(nowMs.get() + delayMs, body));
    }

    private synchronized Registration add(Task task) {
        tasks.add(task);
        return () -> remove(task);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    private synchronized List<Task> due() {
        List<Task> due = tasks.stream().filter(task -> task.atMs <= nowMs.get())
                .sorted(Comparator.comparingLong(Task::atMs)).toList();
        tasks.removeAll(due);
        return due;
    }

    /** Drops all timers, as when the process dies. */
    synchronized void forget() {
        tasks.clear();
    }

    /** Moves the clock without running timers. */
    void advance(long ms) {
        nowMs.addAndGet(ms);
    }

    /** Moves the clock, and runs due timers on the owner's thread. */
    void pass(long ms, OwnerThread owner) {
        nowMs.addAndGet(ms);
        for (List<Task> due = due(); !due.isEmpty(); due = due()) {
            List<Task> run = due;
            owner.run(() -> run.forEach(task -> task.body.run()));
        }
    }

    /** As {@link #pass}, called on the owner's thread. */
    void passNow(long ms) {
        nowMs.addAndGet(ms);
        for (List<Task> due = due(); !due.isEmpty(); due = due()) {
            due.forEach(task -> task.body.run());
        }
    }
}
