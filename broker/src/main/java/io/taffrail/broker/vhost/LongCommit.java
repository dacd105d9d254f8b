package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.StagedMessages;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.stream.StreamQueue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The collection of a {@link Commit} in steps, with other work of the owner between them: its
 * messages are routed, and encoded for the queues that take them whatever they hold. Nothing of
 * that is in a turn or seen by others. {@link #store} then adds everything to one atomic turn. A
 * crash or an error before that leaves nothing. Owner thread only.
 */
final class LongCommit implements Steps.Work {

    /** Approximate memory of a copy besides its body and properties, in bytes. */
    private static final int COPY_BYTES = 128;
    /** Cost of a walk that counts like one message in the budget of a step. */
    private static final int COST_OF_A_MESSAGE = 64;

    /** A part of the atomic step, in the order of the messages of each queue. */
    private interface Part {
        void store();
    }

    /** A message for a stream, which refuses it or takes it, alone or with others. */
    private record Streamed(StreamQueue stream, Message message) {}

    private final Commit commit;
    private final Routing routing;
    private final InstantSource clock;
    private final CommitRoom room;
    private final List<Message> messages;
    private final List<Part> parts = new ArrayList<>();
    private final Map<AnyQueue, StagedMessages> staged = new LinkedHashMap<>();
    private final List<AnyQueue> encodedFor = new ArrayList<>();
    private final List<Streamed> streamed = new ArrayList<>(0);
    private final List<Integer> unrouted = new ArrayList<>(0);
    /** Numbers of messages, and of their copies in queues, by exchange. */
    private final Map<String, int[]> passed = new LinkedHashMap<>();
    private Walk walk = new Walk();
    private boolean walking;
    /** Whether the walk of the next message is over, and its copies wait for room. */
    private boolean waits;
    /** Whether nothing else ran since the commit began; what is collected needs no room yet. */
    private boolean isFirstStep = true;
    private int next;
    private int oneByOne;
    private long bytes;
    /** Bytes of the copies that wait for room. */
    private long wanted;

    LongCommit(Commit commit, Routing routing, InstantSource clock, CommitRoom room) {
        this.commit = commit;
        this.routing = routing;
        this.clock = clock;
        this.room = room;
        this.messages = commit.messages();
    }

    @Override
    public boolean goOn(Budget budget) {
        boolean over = collect(budget);
        if (isFirstStep && !over && !room.take(this, bytes)) {
            startAnew();
        }
        isFirstStep = false;
        return over || waits;
    }

    /** Whether all messages are collected; if not, it goes on after {@link #again}. */
    boolean isCollected() {
        return next == messages.size();
    }

    /** Completes, on any thread, when there may be room to go on. */
    CompletableFuture<Void> again() {
        return room.again(this, wanted);
    }

    /** Drops what the first step has collected, because there is no room to keep it. */
    private void startAnew() {
        parts.clear();
        passed.clear();
        staged.clear();
        encodedFor.clear();
        streamed.clear();
        unrouted.clear();
        walk = new Walk();
        walking = false;
        next = 0;
        oneByOne = 0;
        bytes = 0;
    }

    private boolean collect(Budget budget) {
        while (next < messages.size() && !budget.isSpent()) {
            checkWanted();
            long before = walk.cost();
            long bytesBefore = bytes;
            boolean routed = routed(messages.get(next));
            if (waits) {
                return false;
            }
            next += routed ? 1 : 0;
            long cost = (walk.cost() - before) / COST_OF_A_MESSAGE;
            budget.spend(1 + Math.clamp(cost, 0, Budget.MAX_COUNT), bytes - bytesBefore);
        }
        return next == messages.size();
    }

    private void checkWanted() {
        if (commit.isCancelled() || routing.isClosed()) {
            throw new IllegalStateException("the client or the virtual host has ended");
        }
    }

    /** Routes a message, or a part of it; returns whether it is routed to the end. */
    private boolean routed(Message message) {
        boolean over;
        if (waits) {
            over = true;
        } else if (walking) {
            over = walk.goOn(routing.costAtOnce());
        } else {
            Exchange exchange = routing.exchangeOf(message);
            List<String> keys = PublishRules.moreKeys(message.properties());
            if (Routing.isDelayed(exchange, message)) {
                pass(message, 0);
                charge(message, 1);
                countOneByOne();
                parts.add(() -> routing.delay(message));
                return true;
            }
            walk.beginWithoutMarks(message.properties());
            over = walk.from(exchange, message.routingKey(), keys, routing.costAtOnce());
        }
        walking = !over;
        if (!over) {
            walk.suspend(message.properties());
            return false;
        }
        waits = !take(message);
        return !waits;
    }

    private static long size(Message message, int copies) {
        long size = COPY_BYTES + (long) message.body().remaining()
                + message.properties().section().remaining();
        return size * copies;
    }

    private void charge(Message message, int copies) {
        bytes += size(message, Math.max(1, copies));
        if (bytes > FanOutLimit.BYTES) {
            throw HostRefusals.precondition("the transaction takes more than " + FanOutLimit.BYTES
                    + " bytes, a quarter of the heap, in all its queues");
        }
    }

    private void countOneByOne() {
        oneByOne++;
        if (oneByOne > routing.copiesOneByOne()) {
            throw HostRefusals.precondition("the transaction has more than "
                    + routing.copiesOneByOne()
                    + " messages for streams and for queues that may refuse them");
        }
    }

    /** Takes a message whose walk is over; false if there is no room for its copies now. */
    private boolean take(Message message) {
        routing.checkGates(walk, message);
        List<Destination> queues = walk.queues();
        wanted = size(message, Math.max(1, queues.size()));
        if (!isFirstStep && !room.take(this, wanted)) {
            return false;
        }
        charge(message, queues.size());
        pass(message, queues.size());
        Message shown = PublishRules.withoutBcc(message);
        if (queues.isEmpty()) {
            unrouted.add(next);
        }
        if (walk.hasSideEffects()) {
            takeWithWalk(shown);
            return true;
        }
        for (int index = 0; index < queues.size(); index++) {
            AnyQueue queue = (AnyQueue) queues.get(index);
            if (queue.takesStaged()) {
                stage(queue, shown);
            } else {
                countOneByOne();
                notice(queue, shown);
                parts.add(() -> routing.storeIn(queue, () -> queue.storeWithOthers(shown)));
            }
        }
        return true;
    }

    /** Keeps the walk, whose gates and histories are told in the atomic step. */
    private void takeWithWalk(Message shown) {
        Walk kept = walk;
        walk = new Walk();
        for (Destination queue : kept.queues()) {
            countOneByOne();
            notice((AnyQueue) queue, shown);
            end((AnyQueue) queue);
        }
        parts.add(() -> routing.storeAll(kept, shown));
    }

    private void pass(Message message, int copies) {
        int[] numbers = passed.computeIfAbsent(message.exchange(), _ -> new int[2]);
        numbers[0]++;
        numbers[1] += copies;
    }

    private void notice(AnyQueue queue, Message shown) {
        if (queue instanceof StreamQueue stream) {
            streamed.add(new Streamed(stream, shown));
        }
    }

    private void stage(AnyQueue queue, Message shown) {
        StagedMessages open = staged.computeIfAbsent(queue, it -> {
            encodedFor.add(it);
            return new StagedMessages();
        });
        open.add(shown, clock.millis());
        if (open.isFull()) {
            end(queue);
        }
    }

    /** Puts what is encoded for a queue in its place before later messages. */
    private void end(AnyQueue queue) {
        StagedMessages open = staged.remove(queue);
        if (open != null) {
            parts.add(() -> routing.storeIn(queue, () -> queue.storeStaged(open)));
        }
    }

    /** Gives back the room; to be called when the commit is stored or has failed. */
    void end() {
        room.give(this);
    }

    /**
     * Adds everything to the open turn, which is an atomic step.
     *
     * @throws io.taffrail.broker.BrokerException
     *             if the settings of a queue were changed meanwhile, so that it has to look at each
     *             message, or if a stream refuses a message; then nothing is added
     */
    void store() {
        checkWanted();
        for (AnyQueue queue : encodedFor) {
            if (queue.quarantine().isEmpty() && routing.isThere(queue) && !queue.takesStaged()) {
                throw HostRefusals.precondition("settings of queue '" + queue.name()
                        + "' were changed while a transaction was committed");
            }
        }
        requireStreams();
        List.copyOf(staged.keySet()).forEach(this::end);
        parts.forEach(Part::store);
        passed.forEach((exchange, numbers) -> routing.passed(exchange, numbers[0], numbers[1]));
        unrouted.forEach(commit::unrouted);
        commit.settle();
    }

    /**
     * A stream that refused its message in the atomic step would not undo the settlements: the
     * client's task would be done without its result.
     */
    private void requireStreams() {
        for (Streamed each : streamed) {
            StreamQueue stream = each.stream();
            if (routing.isThere(stream)
                    && (stream.mustWait() || !stream.hasRoomFor(each.message()))) {
                throw HostRefusals.precondition("the stream '" + stream.name()
                        + "' refuses a message of the transaction");
            }
        }
    }
}
