package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.coordinator.common.runtime.CoordinatorEvent;
import org.apache.kafka.coordinator.common.runtime.CoordinatorEventProcessor;

/**
 * The coordinator's event processor on one simulated thread; events run in the order of arrival.
 */
final class SimEvents implements CoordinatorEventProcessor {

    private final SimOwner actor;
    private final Deque<CoordinatorEvent> events = new ArrayDeque<>();
    private final Runnable enqueued;
    private boolean closed;

    /**
     * @param enqueued
     *            called after each event that was added to the end of the queue
     */
    SimEvents(SimOwner actor, Runnable enqueued) {
        this.actor = actor;
        this.enqueued = enqueued;
    }

    @Override
    public void enqueueLast(CoordinatorEvent event) {
        requireOpen();
        events.addLast(event);
        actor.execute(this::runOne);
        enqueued.run();
    }

    @Override
    public void enqueueFirst(CoordinatorEvent event) {
        requireOpen();
        events.addFirst(event);
        actor.execute(this::runOne);
    }

    /** True if no event runs or waits. */
    boolean isIdle() {
        return events.isEmpty() && actor.isIdle();
    }

    private void requireOpen() {
        if (closed) {
            throw new RejectedExecutionException("the coordinator has ended");
        }
    }

    private void runOne() {
        CoordinatorEvent event = events.pollFirst();
        if (event == null) {
            return;
        }
        try {
            event.run();
        } catch (PowerCut | Violation e) {
            throw e;
        } catch (Throwable e) {
            event.complete(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (CoordinatorEvent event : events) {
            event.complete(new RejectedExecutionException("the coordinator has ended"));
        }
        events.clear();
    }
}
