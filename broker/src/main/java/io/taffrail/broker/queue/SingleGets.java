package io.taffrail.broker.queue;

import io.taffrail.broker.queue.MessageWatch.Verdict;
import io.taffrail.broker.schedule.Budget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The single gets of one queue (AMQP 0-9-1 {@code basic.get}). A get waits until messages published
 * before it are readable, and while messages at the head are being given up. Owner thread only.
 */
final class SingleGets {

    private final Queue queue;
    private final QueueContext context;
    private final MessageLog messages;
    private final Ready ready;
    private final HandingOut handingOut;
    private final GivingUp givingUp;
    private final Expiration expiration;
    /** Gets that wait; each returns whether it was answered. */
    private final Deque<BooleanSupplier> waiting = new ArrayDeque<>(0);

    SingleGets(Queue queue, QueueContext context, MessageLog messages, Ready ready,
            HandingOut handingOut, GivingUp givingUp, Expiration expiration) {
        this.queue = queue;
        this.context = context;
        this.messages = messages;
        this.ready = ready;
        this.handingOut = handingOut;
        this.givingUp = givingUp;
        this.expiration = expiration;
    }

    boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** Adds a get; see {@link AnyQueue#get}. */
    void add(@Nullable GetHolder holder, Getter getter, Runnable done) {
        messages.whenReadable(() -> {
            waiting.add(() -> get(holder, getter) && ran(done));
            serve();
        });
    }

    private static boolean ran(Runnable done) {
        done.run();
        return true;
    }

    /** Answers waiting gets, until one has to wait for messages to be given up. */
    void serve() {
        while (!waiting.isEmpty()) {
            BooleanSupplier first = waiting.removeFirst();
            if (!first.getAsBoolean()) {
                waiting.addFirst(first);
                return;
            }
        }
    }

    /** Answers a get; false if messages have to be given up first, in later steps. */
    private boolean get(@Nullable GetHolder holder, Getter getter) {
        boolean[] answered = {true};
        queue.guarded(() -> {
            if (queue.isOut()) {
                getter.empty();
                return;
            }
            queue.used();
            Budget budget = context.steps().direct();
            if (!ready.prepare(messages.log().durableEnd(), budget)) {
                answered[0] = false;
                queue.schedule();
                return;
            }
            answered[0] = !queue.isReturning() && givingUp.sweep(expiration, budget);
            if (answered[0]) {
                answered[0] = getNow(holder, getter, budget);
            }
        });
        return answered[0];
    }

    /** Hands out the next message; false if those before it are to be removed in a later step. */
    private boolean getNow(@Nullable GetHolder holder, Getter getter, Budget budget) {
        Verdict verdict = Verdict.DROP;
        while (verdict != Verdict.PASS) {
            if (queue.isOut() || !ready.peek()) {
                queue.gotNothing();
                getter.empty();
                return true;
            }
            verdict = queue.watching().head(budget);
            if (verdict == Verdict.HOLD) {
                getter.empty();
                return true;
            }
            if (verdict != Verdict.PASS && budget.isSpent()) {
                queue.schedule();
                return false;
            }
        }
        handingOut.get(holder, getter);
        if (ready.count() == 0) {
            ready.idle();
        } else if (expiration.isDue()) {
            queue.schedule();
        }
        return true;
    }
}
