package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The requeues of many messages to one queue that are made in steps. Until the last of them ends
 * nothing is delivered, so that nothing overtakes the requeued messages. Owner thread only.
 */
final class StepwiseRequeues {

    private final Deque<Runnable> afterwards = new ArrayDeque<>(0);
    private int underWay;
    private long messages;

    void begin() {
        underWay++;
    }

    /** Changes the number of messages still to be requeued. */
    void change(int more) {
        messages += more;
    }

    /** Number of messages still to be requeued. */
    long messages() {
        return messages;
    }

    boolean none() {
        return underWay == 0;
    }

    /** Ends one; if it is the last, {@code runner} runs what waits for that. */
    void end(Consumer<Runnable> runner) {
        underWay--;
        if (underWay == 0) {
            afterwards.forEach(runner);
            afterwards.clear();
        }
    }

    /** Runs {@code task} when none is under way. */
    void whenNone(Runnable task) {
        if (underWay == 0) {
            task.run();
        } else {
            afterwards.add(task);
        }
    }
}
