package io.taffrail.broker.outbox;

import io.taffrail.broker.HeldLease;
import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The outboxes and inboxes of all owners: logs {@code @outbox-<n>} and {@code @inbox-<n>}, with
 * {@code n} the number of the owner. An outbox is never deleted, because positions rely on its
 * offsets never starting again. If a start has fewer owners than the one before, some owners send
 * the entries of more than one outbox. Safe for any thread once it is open.
 */
public final class Outboxes {

    private static final String OUTBOX = "@outbox-";
    private static final String INBOX = "@inbox-";
    private static final long OUTBOX_SEGMENT_MIB = 16;
    private static final long INBOX_SEGMENT_MIB = 4;

    private final LogEngine engine;
    private final HeldLease lease;
    private final List<Owner> owners;
    private final InstantSource clock;
    private final Function<Owner, Timers> timers;
    private final Destinations destinations;
    private final LostLetters lost = new LostLetters();
    private final Map<Owner, Inbox> inboxes = new HashMap<>();
    private final Map<Owner, Outbox> outboxes = new HashMap<>();
    /** Outboxes of owners that no longer exist, with the owner that sends their entries. */
    private final List<Map.Entry<Owner, Outbox>> orphans = new ArrayList<>();
    /** By name of the log; not changed after the start. */
    private final Map<String, Reopener> reopeners = new HashMap<>();
    private final List<WritableLog> oldInboxes = new ArrayList<>();

    private Outboxes(LogEngine engine, Lease lease, List<Owner> owners, InstantSource clock,
            Function<Owner, Timers> timers, Destinations destinations) {
        this.engine = engine;
        this.lease = new HeldLease(engine.metaStore(), lease);
        this.owners = List.copyOf(owners);
        this.clock = clock;
        this.timers = timers;
        this.destinations = destinations;
    }

    /**
     * Opens the outboxes and inboxes, and begins to send entries left over from before the start.
     * With a single owner and nothing left over, no outboxes are created. The destinations must
     * exist.
     *
     * @return completes when every entry left over was offered to its destination once
     */
    public static CompletableFuture<Outboxes> opening(LogEngine engine, Lease lease,
            List<Owner> owners, InstantSource clock, Function<Owner, Timers> timers,
            Destinations destinations) {
        Outboxes opened = new Outboxes(engine, lease, owners, clock, timers, destinations);
        return opened.open().thenApply(_ -> opened);
    }

    private CompletableFuture<Void> open() {
        SortedSet<Integer> outboxNumbers = numbers(OUTBOX);
        SortedSet<Integer> inboxNumbers = numbers(INBOX);
        if (owners.size() > 1 || !outboxNumbers.isEmpty()) {
            for (int number = 0; number < owners.size(); number++) {
                outboxNumbers.add(number);
                inboxNumbers.add(number);
            }
        } else {
            return CompletableFuture.completedFuture(null);
        }
        Map<Integer, CompletableFuture<WritableLog>> outboxLogs = open(outboxNumbers, OUTBOX,
                OUTBOX_SEGMENT_MIB);
        Map<Integer, CompletableFuture<WritableLog>> inboxLogs = open(inboxNumbers, INBOX,
                INBOX_SEGMENT_MIB);
        List<CompletableFuture<?>> all = new ArrayList<>(outboxLogs.values());
        all.addAll(inboxLogs.values());
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenCompose(_ -> begin(outboxLogs, inboxLogs));
    }

    private SortedSet<Integer> numbers(String prefix) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (LogId id : engine.logs()) {
            if (id.value().startsWith(prefix)) {
                numbers.add(Integer.parseInt(id.value().substring(prefix.length())));
            }
        }
        return numbers;
    }

    private Map<Integer, CompletableFuture<WritableLog>> open(SortedSet<Integer> numbers,
            String prefix, long segmentMib) {
        Map<Integer, CompletableFuture<WritableLog>> opening = new HashMap<>();
        for (int number : numbers) {
            opening.put(number, engine.openForWrite(new LogId(prefix + number), lease.now(),
                    options(segmentMib), owner(number)));
        }
        return opening;
    }

    private static LogOptions options(long segmentMib) {
        return new LogOptions(Durability.FSYNC, ByteSize.mebibytes(segmentMib),
                Duration.ofDays(3650), 4096, OptionalLong.empty(), OptionalLong.empty(), false,
                CompactionOptions.off(), Duration.ofDays(1));
    }

    /** Creates the reopener of a log, which opens it under a higher epoch. */
    private Reopener reopener(WritableLog log, Owner owner, long segmentMib,
            Consumer<WritableLog> use) {
        Reopener made = new Reopener(log.id(), owner, timers.apply(owner),
                () -> lease.renewed().thenCompose(renewed -> engine.openForWrite(log.id(), renewed,
                        options(segmentMib), owner)).thenAcceptAsync(use, owner));
        reopeners.put(log.id().value(), made);
        return made;
    }

    private Owner owner(int number) {
        return owners.get(number % owners.size());
    }

    private CompletableFuture<Void> begin(
            Map<Integer, CompletableFuture<WritableLog>> outboxLogs,
            Map<Integer, CompletableFuture<WritableLog>> inboxLogs) {
        OutboxPositions known = new OutboxPositions();
        CompletableFuture<Void> read = CompletableFuture.completedFuture(null);
        for (Map.Entry<Integer, CompletableFuture<WritableLog>> each : inboxLogs.entrySet()) {
            Owner owner = owner(each.getKey());
            WritableLog log = each.getValue().join();
            read = read.thenComposeAsync(_ -> new Steps(owner, clock).work(new LogReplay(log,
                    (_, record) -> known.apply(log.id(), record))), owner);
        }
        return read.thenCompose(_ -> resume(known, outboxLogs, inboxLogs));
    }

    private CompletableFuture<Void> resume(OutboxPositions known,
            Map<Integer, CompletableFuture<WritableLog>> outboxLogs,
            Map<Integer, CompletableFuture<WritableLog>> inboxLogs) {
        inboxLogs.forEach((number, opened) -> {
            if (number < owners.size()) {
                Owner owner = owner(number);
                WritableLog log = opened.join();
                inboxes.put(owner, new Inbox(engine, log, clock, known, lost, reopener(log, owner,
                        INBOX_SEGMENT_MIB, next -> inbox(owner).moveTo(next))));
            } else {
                oldInboxes.add(opened.join());
            }
        });
        List<CompletableFuture<Void>> resumed = new ArrayList<>();
        outboxLogs.forEach((number, opened) -> {
            Owner owner = owner(number);
            Outbox outbox = outbox(opened.join(), owner);
            if (number < owners.size()) {
                outboxes.put(owner, outbox);
            } else {
                orphans.add(Map.entry(owner, outbox));
            }
            resumed.add(CompletableFuture.completedFuture(known)
                    .thenComposeAsync(outbox::resume, owner));
        });
        return CompletableFuture.allOf(resumed.toArray(CompletableFuture[]::new));
    }

    private Outbox outbox(WritableLog log, Owner owner) {
        Outbox[] made = new Outbox[1];
        Reopener reopener = reopener(log, owner, OUTBOX_SEGMENT_MIB,
                next -> made[0].moveTo(next));
        made[0] = new Outbox(log, owner, timers.apply(owner), clock, destinations, this::inbox,
                lost, reopener);
        return made[0];
    }

    private Inbox inbox(Owner owner) {
        Inbox inbox = inboxes.get(owner);
        if (inbox == null) {
            throw new IllegalStateException("no inbox of " + owner);
        }
        return inbox;
    }

    /** The writer for turns of this owner; empty where there is only one owner. */
    public Optional<OutboxWriter> writer(Owner owner, Turn turn) {
        return Optional.ofNullable(outboxes.get(owner)).map(it -> new OutboxWriter(it, turn));
    }

    /** Whether this is the log of an outbox or inbox. */
    public boolean has(String log) {
        return reopeners.containsKey(log);
    }

    /** Reopens the log of an outbox or inbox; completes when it is in use. */
    public CompletableFuture<Void> reopen(String log) {
        Reopener reopener = reopeners.get(log);
        return reopener == null
                ? CompletableFuture.failedFuture(
                        new IllegalArgumentException(log + " is of no outbox"))
                : reopener.now();
    }

    /** The counters of messages that destinations refused. */
    public LostLetters lost() {
        return lost;
    }

    /** Stops sending; entries not at their destination are sent after the next start. */
    public CompletableFuture<Void> closing() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        outboxes.forEach((owner, outbox) -> closing
                .add(CompletableFuture.runAsync(outbox::close, owner)));
        orphans.forEach(each -> closing
                .add(CompletableFuture.runAsync(each.getValue()::close, each.getKey())));
        inboxes.forEach((owner, inbox) -> closing
                .add(CompletableFuture.runAsync(inbox::close, owner)));
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }
}
