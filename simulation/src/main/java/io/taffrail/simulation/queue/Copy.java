package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a message in one queue, after the deaths that its trail names, and
 * its expected state.
 */
final class Copy {

    private enum State {
        /** The copy may be in the queue. */
        POSSIBLE,
        /** The copy is in the queue until something removes it. */
        CERTAIN,
        /** The copy was in the queue and has left it. */
        GONE
    }

    private final QueueModel queue;
    private final Sent sent;
    private final String trail;
    private final @Nullable Copy parent;
    private final List<Step> origins = new ArrayList<>();
    /** Steps with an unknown outcome that settle the copy if they happened. */
    private final List<Step> unsure = new ArrayList<>();
    private final Deliveries deliveries = new Deliveries();
    private State state = State.POSSIBLE;
    private boolean refused;
    private boolean rejected;
    private @Nullable Step settling;
    private @Nullable Object holder;
    private long offset = -1;
    private @Nullable Step goneBy;

    Copy(QueueModel queue, Sent sent, String trail, @Nullable Copy parent) {
        this.queue = queue;
        this.sent = sent;
        this.trail = trail;
        this.parent = parent;
    }

    QueueModel queue() {
        return queue;
    }

    Sent sent() {
        return sent;
    }

    /** Reasons and queues of its deaths, newest first. */
    String trail() {
        return trail;
    }

    @Nullable
    Copy parent() {
        return parent;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    long offset() {
        return offset;
    }

    void offset(long value) {
        offset = value;
    }

    @Nullable
    Object holder() {
        return holder;
    }

    void holder(@Nullable Object value) {
        holder = value;
    }

    /**
     * True if it was published to the queue without dead-lettering or delay, and no later client
     * could overtake it; such copies are ordered by id.
     */
    boolean isDirect() {
        return trail.isEmpty() && sent.delayMs() == 0
                && origins.stream().noneMatch(Step::mayBeOvertaken);
    }

    void comesBy(Step step) {
        origins.add(step);
    }

    /** The queue, which has a limit, refused the copy, and the publisher was told so. */
    void refused() {
        refused = true;
    }

    /** The publisher was told that the message is not stored. */
    void rejected() {
        rejected = true;
    }

    boolean isRefused() {
        return refused;
    }

    void certain() {
        if (state == State.POSSIBLE) {
            state = State.CERTAIN;
        }
    }

    boolean isCertain() {
        return state == State.CERTAIN;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    boolean isPossible() {
        return state == State.POSSIBLE;
    }

    /** True if, as far as known, it waits for a consumer. */
    boolean isReady() {
        return isCertain() && holder == null && settling == null && unsure.isEmpty();
    }

    /** True if it may count towards the length of its queue. */
    boolean mayBeReady() {
        return !isGone() && holder == null && settling == null;
    }

    /** A step that settles it has begun. */
    void settling(Step step) {
        holder = null;
        settling = step;
    }

    /** A step with an unknown outcome may have settled it. */
    void maySettle(Step step) {
        step.settles(this);
        unsure.add(step);
    }

    /** True if it may have left its queue without notice to any client. */
    boolean mayHaveLeft(long nowMs) {
        return queue.mayHaveExpired(this, nowMs) || queue.mayHaveOverflowed();
    }

    boolean isSettling() {
        return settling != null;
    }

    /** This step has settled the copy; the copy does not come back. */
    void gone(Step step) {
        if (goneBy != null && !step.equals(goneBy)) {
            throw new Violation("a message goes once", this + " went by " + goneBy + " and by "
                    + step);
        }
        goneBy = step;
        state = State.GONE;
    }

    /** The copy has left the queue for one of several reasons; a later event may tell which. */
    void left() {
        state = State.GONE;
    }

    /** The machine died or the step failed: the outcome of its settlement is unknown. */
    void forget() {
        holder = null;
        doubt();
    }

    /** A component failed: the outcome of its settlement is unknown. */
    void doubt() {
        Step step = settling;
        settling = null;
        if (step != null && step.isOpen() && !isGone()) {
            unsure.add(step);
        }
    }

    /** Steps with an unknown outcome that may have settled it. */
    List<Step> mayBeSettledBy() {
        List<Step> steps = new ArrayList<>(unsure);
        if (settling != null) {
            steps.add(settling);
        }
        steps.removeIf(it -> !it.isOpen());
        return steps;
    }

    /** The copy was delivered, with its whole content. */
    void seen() {
        if (rejected) {
            throw new Violation("what was rejected is not stored", toString());
        }
        if (isGone()) {
            throw new Violation("what is settled is not delivered again",
                    this + " went by " + goneBy);
        }
        unsure.forEach(it -> it.notDone(this + " is back"));
        unsure.clear();
        if (state == State.POSSIBLE) {
            origins.stream().filter(Step::isOpen).findFirst()
                    .ifPresent(it -> it.done(false, this + " was seen"));
            if (origins.stream().noneMatch(Step::isDone)) {
                throw new Violation("no message comes from nowhere", this + ", " + origins);
            }
            state = State.CERTAIN;
        }
    }

    /** A check of all queues did not find it. */
    void notFound() {
        origins.forEach(it -> it.notDone(this + " was not found"));
    }

    @Override
    public String toString() {
        return sent + "@" + queue.name() + (trail.isEmpty() ? "" : "<" + trail + ">") + " " + state
                + (offset < 0 ? "" : " at " + offset) + (holder == null ? "" : " held")
                + (settling == null ? "" : " settling");
    }
}
