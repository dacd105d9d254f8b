package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message in one queue, after the deaths its trail names, and what is known of it. */
final class Copy {

    private enum State {
        /** It may be there. */
        POSSIBLE,
        /** It is there until something takes it away. */
        CERTAIN,
        /** It was there, and is not any more. */
        GONE
    }

    private final QueueModel queue;
    private final Sent sent;
    private final String trail;
    private final @Nullable Copy parent;
    private final List<Step> origins = new ArrayList<>();
    /** Steps of which nobody knows and that settle it, if they happened. */
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

    /** Published to the queue as it is, without a delay: such copies lie in the order of ids. */
    boolean isDirect() {
        return trail.isEmpty() && sent.delayMs() == 0;
    }

    void comesBy(Step step) {
        origins.add(step);
    }

    /** Its queue, which may, has refused it, if the publisher was told so for this queue. */
    void refused() {
        refused = true;
    }

    /** Its publisher was told that it is not stored. */
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

    /** Whether it waits for a consumer, for all that is known. */
    boolean isReady() {
        return isCertain() && holder == null && settling == null && unsure.isEmpty();
    }

    /** Whether it may count for the length of its queue. */
    boolean mayBeReady() {
        return !isGone() && holder == null && settling == null;
    }

    /** A step that settles it has begun. */
    void settling(Step step) {
        holder = null;
        settling = step;
    }

    /** A step may have settled it. */
    void maySettle(Step step) {
        step.settles(this);
        unsure.add(step);
    }

    /** Whether it may have left its queue without anybody being told. */
    boolean mayHaveLeft(long nowMs) {
        return queue.mayHaveExpired(this, nowMs) || queue.mayHaveOverflowed();
    }

    boolean isSettling() {
        return settling != null;
    }

    /** It is settled, and stays so. */
    void gone(Step step) {
        if (goneBy != null && !step.equals(goneBy)) {
            throw new Violation("a message goes once", this + " went by " + goneBy + " and by "
                    + step);
        }
        goneBy = step;
        state = State.GONE;
    }

    /** It is not there any more, by one of several things; by which may turn out yet. */
    void left() {
        state = State.GONE;
    }

    /** The machine died, or the step failed: nobody knows. */
    void forget() {
        holder = null;
        Step step = settling;
        settling = null;
        if (step != null && step.isOpen() && !isGone()) {
            unsure.add(step);
        }
    }

    /** Steps, not known to have happened, that may have settled it. */
    List<Step> mayBeSettledBy() {
        List<Step> steps = new ArrayList<>(unsure);
        if (settling != null) {
            steps.add(settling);
        }
        steps.removeIf(it -> !it.isOpen());
        return steps;
    }

    /** It was seen: here, and whole. */
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

    /** A look at everything did not find it. */
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
