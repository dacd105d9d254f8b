package io.taffrail.broker.outbox;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.outbox.OutboxPositions.Pair;
import io.taffrail.broker.outbox.Shipment.Answer;
import io.taffrail.broker.outbox.Shipment.Parcel;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending side of one owner. Messages for logs of other owners are stored here, in the commit
 * that took them from their source, and sent until their receivers have them. Each destination has
 * its own {@link Lane}, so that one that refuses does not delay the others. Owner thread only.
 */
public final class Outbox {

    /** Most entries in one shipment. */
    private static final int MAX_ENTRIES = 256;

    /** Most bytes in one shipment, unless it is a single entry. */
    private static final long MAX_SHIPMENT_BYTES = 1 << 20;

    /** Most bytes in flight to all destinations; a further shipment waits. */
    private static final long MAX_ON_THE_WAY_BYTES = 8 << 20;

    /** Size of the log in bytes from which messages have to wait in their source. */
    private static final long MAX_LOG_BYTES = 64 << 20;

    /** Retry interval after a refusal, in milliseconds, and the largest multiple of it. */
    private static final int AGAIN_MS = 100;
    private static final int MAX_PAUSES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private WritableLog log;
    private final Owner owner;
    private final Timers timers;
    private final InstantSource clock;
    private final Destinations destinations;
    private final Function<Owner, Inbox> inboxes;
    private final LostLetters lost;
    /** First offset behind the entries that are known to be in their lanes. */
    private long known;
    /** True if the log may have entries above {@link #known} that are in no lane. */
    private boolean incomplete;
    private final Reopener reopener;
    private OutboxReader reader;
    private final OutboxSpace space;
    private final Map<LogId, Lane> lanes = new LinkedHashMap<>();
    /** Lanes that wait for bytes in flight to be answered. */
    private final LinkedHashSet<Lane> starved = new LinkedHashSet<>();
    private long onTheWayBytes;
    private boolean closed;

    Outbox(WritableLog log, Owner owner, Timers timers, InstantSource clock,
            Destinations destinations, Function<Owner, Inbox> inboxes, LostLetters lost,
            Reopener reopener) {
        this.log = log;
        this.owner = owner;
        this.timers = timers;
        this.clock = clock;
        this.destinations = destinations;
        this.inboxes = inboxes;
        this.lost = lost;
        this.reopener = reopener;
        this.reader = new OutboxReader(log);
        this.space = new OutboxSpace(log);
    }

    WritableLog log() {
        return log;
    }

    InstantSource clock() {
        return clock;
    }

    /** Whether the outbox has room for another message. */
    boolean hasRoom() {
        return !closed && !reopener.isOut() && log.sizeBytes() < MAX_LOG_BYTES;
    }

    /** Reports that the log did not take the part of a turn. */
    void failed(Throwable cause) {
        incomplete = true;
        reopener.failed(cause);
    }

    /**
     * Goes on with the log after it was reopened. Entries that never became durable are gone from
     * it; the publishers of their messages were told when their turns failed. Entries that are in
     * the log although {@link #stored} failed for them are sent like all others.
     */
    void moveTo(WritableLog next) {
        log = next;
        reader = new OutboxReader(next);
        space.moveTo(next);
        reader.scanNow(known, (offset, to) -> {
            lane(to).waiting().addLong(offset);
            space.added(offset);
        });
        known = next.durableEnd();
        incomplete = false;
        for (Lane lane : List.copyOf(lanes.values())) {
            cut(lane.waiting(), next.durableEnd());
            pump(lane);
            forget(lane);
        }
        space.trim();
    }

    /** Removes offsets from {@code end} on. */
    static void cut(Roaring64Bitmap offsets, long end) {
        while (!offsets.isEmpty() && offsets.last() >= end) {
            offsets.removeLong(offsets.last());
        }
    }

    /** Whether an entry for this destination is still waiting. */
    boolean holds(LogId destination) {
        return lanes.containsKey(destination);
    }

    /**
     * Reads the log in steps, and sends the entries left over from before the start.
     *
     * @param positions
     *            the positions of the receivers
     * @return completes on this owner's thread when every entry was offered to its destination once
     */
    CompletableFuture<Void> resume(OutboxPositions positions) {
        long end = log.durableEnd();
        return new Steps(owner, clock).work(reader.scan((offset, to) -> {
            if (offset >= positions.next(new Pair(log.id(), to))) {
                lane(to).waiting().addLong(offset);
                space.added(offset);
            }
        })).thenCompose(_ -> resumed(end));
    }

    private CompletableFuture<Void> resumed(long end) {
        known = Math.max(known, end);
        if (space.outstanding() > 0) {
            LOG.info("{} entries of {} are sent again after the start", space.outstanding(),
                    log.id());
        }
        List<CompletableFuture<Void>> tried = new ArrayList<>();
        for (Lane lane : List.copyOf(lanes.values())) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            lane.whenTried(lane.waiting().last(), done);
            tried.add(done);
            pump(lane);
        }
        space.trim();
        return CompletableFuture.allOf(tried.toArray(CompletableFuture[]::new));
    }

    /**
     * Adds an entry that the turn under way has stored.
     *
     * @param durable
     *            completes when the entry is durable
     * @param tried
     *            completed when the entry was offered to its destination, or null
     */
    void stored(long offset, LogId to, CompletableFuture<Void> durable,
            @Nullable CompletableFuture<Void> tried) {
        Lane lane = lane(to);
        lane.waiting().addLong(offset);
        if (tried != null) {
            lane.whenTried(offset, tried);
        }
        space.added(offset);
        if (!incomplete) {
            known = offset + 1;
        }
        reopener.worked();
        var _ = durable.thenRun(() -> pump(lane));
    }

    private Lane lane(LogId to) {
        return lanes.computeIfAbsent(to, id -> new Lane(new Pair(log.id(), id)));
    }

    /** Runs a step of a lane; after an exception the lane pauses. */
    private void guarded(Lane lane, Runnable body) {
        Guard.run(body, failure -> sendingFailed(lane, failure));
    }

    private void sendingFailed(Lane lane, Throwable failure) {
        LOG.error("OBX-003 sending what {} has for {} failed", log.id(),
                lane.pair().destination(), failure);
        switch (lane.state()) {
            case IDLE -> pause(lane, failure.toString());
            case ON_ITS_WAY -> {
                onTheWayBytes -= lane.sentBytes();
                pause(lane, failure.toString());
            }
            case PAUSED -> retry(lane);
        }
    }

    /**
     * Sends waiting entries of a lane, as far as they are durable and the limits allow. A lane with
     * an unknown entry must not send a later one: the receiver would skip the unknown one.
     */
    private void pump(Lane lane) {
        guarded(lane, () -> send(lane));
    }

    private void send(Lane lane) {
        if (closed || incomplete || lane.state() != Lane.State.IDLE || lane.waiting().isEmpty()
                || lane.waiting().first() >= log.durableEnd()) {
            return;
        }
        if (onTheWayBytes >= MAX_ON_THE_WAY_BYTES) {
            starved.add(lane);
            return;
        }
        Optional<OutboxDestination> to = destinations.find(lane.pair().destination());
        if (to.isEmpty()) {
            drop(lane);
            return;
        }
        Shipment shipment;
        try {
            shipment = load(lane);
        } catch (LogFailedException e) {
            reopener.failed(e);
            pause(lane, e.toString());
            return;
        }
        if (shipment.parcels().isEmpty()) {
            goOn(lane);
            return;
        }
        lane.sent(shipment);
        onTheWayBytes += shipment.sizeBytes();
        Consumer<Answer> answer = it -> owner.execute(
                () -> guarded(lane, () -> answered(lane, shipment, it)));
        send(shipment, to.get(), answer);
    }

    private void send(Shipment shipment, OutboxDestination to, Consumer<Answer> answer) {
        Inbox inbox = inboxes.apply(to.owner());
        to.owner().execute(() -> inbox.guarded(() -> inbox.receive(shipment, to, answer), answer));
    }

    private Shipment load(Lane lane) {
        List<Parcel> parcels = new ArrayList<>();
        List<Long> damaged = new ArrayList<>(0);
        long bytes = 0;
        long end = log.durableEnd();
        for (LongIterator offsets = lane.waiting().getLongIterator(); offsets.hasNext()
                && parcels.size() < MAX_ENTRIES && bytes < MAX_SHIPMENT_BYTES;) {
            long offset = offsets.next();
            if (offset >= end) {
                break;
            }
            Optional<OutboxEntry> entry = reader.read(offset);
            if (entry.isPresent()) {
                parcels.add(new Parcel(offset, entry.get().batch()));
                bytes += entry.get().batch().remaining();
            } else {
                damaged.add(offset);
            }
        }
        damaged.forEach(offset -> lose(lane, offset));
        return new Shipment(lane.pair(), parcels);
    }

    private void lose(Lane lane, long offset) {
        lane.waiting().removeLong(offset);
        space.removed(offset);
        lost.lost(lane.pair().destination().value(), 1, "its entry in the outbox is damaged");
    }

    /** Ends a send that found nothing left to send. */
    private void goOn(Lane lane) {
        lane.tried(lane.waiting().isEmpty() ? log.durableEnd() : lane.waiting().first());
        space.trim();
        if (lane.waiting().isEmpty()) {
            forget(lane);
        } else {
            pump(lane);
        }
    }

    /**
     * Drops the entries of a destination that no longer exists, and counts their messages as lost.
     */
    private void drop(Lane lane) {
        LongIterator offsets = lane.waiting().clone().getLongIterator();
        long end = log.durableEnd();
        int dropped = 0;
        while (offsets.hasNext()) {
            long offset = offsets.next();
            if (offset < end) {
                lane.waiting().removeLong(offset);
                space.removed(offset);
                dropped++;
            }
        }
        lost.lost(lane.pair().destination().value(), dropped, "its topic is deleted");
        lane.tried(end);
        forget(lane);
        space.trim();
    }

    private void forget(Lane lane) {
        if (lane.isDone()) {
            lanes.remove(lane.pair().destination(), lane);
        }
    }

    private void answered(Lane lane, Shipment shipment, Answer answer) {
        if (!lane.isSent(shipment)) {
            return;
        }
        onTheWayBytes -= shipment.sizeBytes();
        switch (answer) {
            case Answer.Taken _ -> {
                lane.taken();
                for (Parcel parcel : shipment.parcels()) {
                    lane.waiting().removeLong(parcel.offset());
                    space.removed(parcel.offset());
                }
                lane.tried(shipment.next());
                space.trim();
                pump(lane);
                forget(lane);
            }
            case Answer.Waits(String why) -> pause(lane, why);
            case Answer.Unknown(Throwable cause) -> {
                LOG.debug("what {} took of {}", lane.pair().destination(), log.id(), cause);
                pause(lane, "not known to be stored: " + cause);
            }
        }
        while (onTheWayBytes < MAX_ON_THE_WAY_BYTES && !starved.isEmpty()) {
            pump(starved.removeFirst());
        }
    }

    private void pause(Lane lane, String why) {
        lane.refused();
        if (lane.refusals() == 1) {
            LOG.warn("OBX-004 {} takes nothing at present: {}; what {} has for it waits",
                    lane.pair().destination(), why, log.id());
        }
        lane.tried(Long.MAX_VALUE);
        retry(lane);
    }

    private void retry(Lane lane) {
        var _ = timers.after((long) AGAIN_MS * Math.min(lane.refusals(), MAX_PAUSES),
                () -> guarded(lane, () -> again(lane)));
    }

    private void again(Lane lane) {
        if (lane.state() == Lane.State.PAUSED) {
            lane.resume();
        }
        pump(lane);
    }

    /** Stops sending; waiting entries are sent after the next start. */
    void close() {
        closed = true;
        reopener.close();
        log.close();
    }
}
