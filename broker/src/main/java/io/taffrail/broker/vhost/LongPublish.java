package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/**
 * A publish that takes several tasks of the owner, with other work between them.
 *
 * <pre>
 *          walk is over            last part is in a turn
 *  ROUTE ────────────────► STORE ─────────────────────────► taken, confirmed with that turn
 *    │                      │  ▲ the part's turn is durable
 *    │ refused              └──┘
 *    ▼                      │ the part's turn failed
 *  error                    └─────────────────────────────► rejected
 * </pre>
 *
 * A message whose copies are too many or too large for one turn is stored in parts, one turn each;
 * the next begins when the one before is durable. After a crash between two parts some of its
 * queues have the message, and it was not confirmed. A queue that is deleted before its part is
 * left out. A virtual host that ends leaves the rest undone and confirms nothing. Owner thread
 * only.
 */
final class LongPublish {

    /** Listener that is told the step of the open turn with the last part of the message. */
    interface Taken {
        void taken(int step, boolean stored);
    }

    /** A walk looks at the budget four times while it costs what one publish may cost at once. */
    private static final int LOOKS = 4;
    /** Number of messages that such a part counts for in the budget, which then reads its clock. */
    private static final int COUNT_OF_A_LOOK = 16;

    private final Routing routing;
    private final Message message;
    private final Walk walk;
    private final Turn turn;
    private final Steps steps;
    private final CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    private Message shown;
    private boolean stored = true;
    private int copiesInPart;

    /**
     * @param message
     *            in buffers that stay unchanged
     * @param walk
     *            suspended
     */
    LongPublish(Routing routing, Message message, Walk walk, Turn turn, Steps steps) {
        this.routing = routing;
        this.message = message;
        this.shown = message;
        this.walk = walk;
        this.turn = turn;
        this.steps = steps;
    }

    Message message() {
        return message;
    }

    /**
     * Begins in a later task.
     *
     * @return completes on the owner's thread after {@code taken} was told, or exceptionally if the
     *         message was refused
     */
    CompletableFuture<PublishOutcome> begin(Taken taken) {
        steps.add(budget -> guarded(() -> route(budget, taken)));
        return outcome;
    }

    private void guarded(Runnable body) {
        if (routing.isClosed()) {
            outcome.completeExceptionally(new IllegalStateException("the virtual host has ended"));
            return;
        }
        var _ = Guard.run(body, outcome::completeExceptionally);
    }

    private void route(Budget budget, Taken taken) {
        boolean over;
        do {
            over = walk.goOn(routing.costAtOnce() / LOOKS + 1);
            budget.spend(COUNT_OF_A_LOOK, 0);
        } while (!over && !budget.isSpent());
        if (!over) {
            steps.add(next -> guarded(() -> route(next, taken)));
            return;
        }
        copiesInPart = routing.copiesInPart(walk, message);
        shown = PublishRules.withoutBcc(message);
        store(0, budget, taken);
    }

    /** Stores the next part in the open turn; {@code from} is the index of its first queue. */
    private void store(int from, Budget budget, Taken taken) {
        int queues = walk.queues().size();
        int to = copiesInPart == 0 ? queues : Math.min(queues, from + copiesInPart);
        budget.spend(to - from, (long) (to - from) * message.body().remaining());
        int step = turn.beginStep();
        try {
            store(from, to, step, taken);
        } finally {
            turn.endStep();
        }
        if (to == queues) {
            outcome.complete(queues == 0 ? PublishOutcome.UNROUTED : PublishOutcome.ROUTED);
        } else {
            turn.listen(new Part(step, to, taken));
        }
        if (to < queues || turn.isFull()) {
            turn.flush();
        }
    }

    private void store(int from, int to, int step, Taken taken) {
        boolean last = to == walk.queues().size();
        if (last && !walk.isAdmitted()) {
            taken.taken(step, false);
            return;
        }
        try {
            routing.passed(message.exchange(), 0, to - from);
            stored &= routing.storePart(walk, shown, from, to);
        } catch (RuntimeException | Error e) {
            taken.taken(step, false);
            throw e;
        }
        if (last) {
            walk.remember(shown);
            if (!stored) {
                walk.withdraw();
            }
            taken.taken(step, stored);
        }
    }

    /** Takes the message as rejected, because a part of it was not stored. */
    private void reject(Taken taken) {
        int step = turn.beginStep();
        turn.endStep();
        taken.taken(step, false);
        outcome.complete(PublishOutcome.ROUTED);
    }

    /** The turn of a part that is not the last one. */
    private final class Part implements TurnListener {

        private final int step;
        private final int next;
        private final Taken taken;

        Part(int step, int next, Taken taken) {
            this.step = step;
            this.next = next;
            this.taken = taken;
        }

        @Override
        public void durable() {
            guarded(() -> steps.add(budget -> guarded(() -> store(next, budget, taken))));
        }

        @Override
        public void durableWithout(BitSet lost, String detail) {
            stored &= !lost.get(step);
            durable();
        }

        @Override
        public void failed(String detail) {
            guarded(() -> steps.add(_ -> guarded(() -> reject(taken))));
        }
    }
}
