package io.taffrail.simulation.engine;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.engine.TransactionModel.Fate;
import io.taffrail.simulation.engine.TransactionModel.Sent;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on one compacted log, over lives of a machine that dies while they are written,
 * compacted and swept, and whose indexes of aborted transactions are damaged while it is off.
 * Only one batch is in flight at a time, so the log shows after each start
 * whether it holds the last one.
 */
public final class TransactionRun implements Run {

    private static final Path DIRECTORY = Path.of("/sim/data");
    private static final LogId LOG = new LogId("table@x-0");
    private static final int LIVES = 6;
    private static final int PRODUCERS = 3;
    private static final int KEYS = 4;
    private static final Duration NEVER = Duration.ofMillis(Long.MAX_VALUE);

    /** Epoch of the coordinator that writes the markers. */
    private static final int COORDINATOR = 5;

    private final Trace trace = new Trace();
    private final SimClock clock = new SimClock();
    private final Dice dice;
    private final SimDisk disk;
    private final LogOptions options;
    private final LocalLogConfig config;
    private final TransactionModel model = new TransactionModel();
    private int lives;
    private int values;
    private @Nullable Sent unanswered;

    /** One life: an engine with its threads, and the log. */
    private record Life(LocalLogEngine engine, Scheduler scheduler, SimOwner owner,
            WritableLog log) {}

    public TransactionRun(long seed) {
        this.dice = new Dice(seed);
        this.disk = new SimDisk(dice.split(), trace);
        this.options = LogOptions.defaults()
                .withDurability(dice.oneIn(3) ? Durability.OS : Durability.FSYNC)
                .withSegmentBytes(new ByteSize(dice.pick(List.of(300, 700, 2_000))))
                .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO, NEVER,
                        Duration.ofMillis(dice.between(100, 3_000))));
        this.config = new LocalLogConfig(new ByteSize(32 << 10),
                new ByteSize(dice.pick(List.of(2 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 20_000)), new ByteSize(1 << 20), 4,
                Duration.ofMillis(dice.between(50, 1_000)),
                new ByteSize(dice.pick(List.of(100, 64 << 10))));
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < LIVES; i++) {
                live();
            }
            start();
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void live() {
        Life life = start();
        if (dice.oneIn(4) && options.durability() == Durability.FSYNC) {
            disk.faults().failSome(1, dice.between(20, 400));
        }
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(30, 200, 800))));
        }
        try {
            for (int i = dice.between(10, 120); i > 0 && !disk.hasFailed(); i--) {
                step(life);
            }
            life.scheduler.requireNoFailure();
            if (!disk.hasFailed() && dice.oneIn(4)) {
                stop(life);
            }
        } catch (PowerCut e) {
            trace.event("died", "", disk.operations(), 0);
        }
        crash();
    }

    private void stop(Life life) {
        try {
            life.engine.close();
        } catch (LogFailedException e) {
            if (!disk.hasFailed()) {
                throw e;
            }
        }
    }

    private void crash() {
        disk.die();
        if (options.durability() == Durability.OS || dice.oneIn(3)) {
            disk.processKilled();
        } else {
            disk.powerCut(dice.pick(List.of(Survival.values())));
        }
        if (dice.oneIn(4)) {
            damageIndex();
        }
    }

    /** Flips a bit of an index of aborted transactions, which the log can be scanned for. */
    private void damageIndex() {
        List<SimDisk.Found> indexes = disk.files().stream()
                .filter(it -> it.path().toString().endsWith(".txnindex") && it.size() > 0)
                .toList();
        if (!indexes.isEmpty()) {
            SimDisk.Found index = dice.pick(indexes);
            index.flip(dice.below(index.size()), dice.below(8));
        }
    }

    /** Starts the machine, which may die during the start, and checks the content. */
    private Life start() {
        for (int tries = 0;; tries++) {
            if (tries < 3 && dice.oneIn(3)) {
                disk.dieAt(disk.operations() + dice.between(1, 80));
            }
            try {
                Life life = open();
                disk.dieAt(Long.MAX_VALUE);
                look(life);
                return life;
            } catch (PowerCut e) {
                crash();
            } catch (LogFailedException e) {
                throw new Violation("a crash leaves a directory that starts",
                        String.valueOf(e.getMessage()), e);
            }
        }
    }

    private Life open() {
        Scheduler scheduler = new Scheduler(dice.split(), clock, trace, disk::isDead);
        SimOwner owner = new SimOwner(scheduler, "loop-0");
        scheduler.onLongWait(() -> disk.limitTo(Long.MAX_VALUE));
        disk.slowness(file -> {
            if (!file.endsWith(".journal")) {
                scheduler.preemption(6, name -> name.startsWith("loop-"));
            }
        });
        LocalLogEngine engine = LocalLogEngine.open(DIRECTORY, config,
                new Environment(disk, clock, new SimThreads(scheduler)));
        // Counted before the cleaner has run: these files existed at the start.
        long files = disk.files().stream()
                .filter(it -> it.path().toString().startsWith("/sim/data/logs/" + LOG)
                        && it.path().toString().endsWith(".log"))
                .count();
        AtomicReference<WritableLog> opened = new AtomicReference<>();
        var _ = engine.openForWrite(LOG, new Lease("node", ++lives), options, owner)
                .thenAccept(opened::set);
        scheduler.until("the log to open", () -> opened.get() != null);
        WritableLog log = opened.get();
        if (files > log.segmentCount()) {
            throw new Violation("every file belongs to a log",
                    files + " segments, " + log.segmentCount() + " in the log");
        }
        return new Life(engine, scheduler, owner, log);
    }

    private void look(Life life) {
        if (options.durability() == Durability.OS) {
            model.startedUnforced();
        }
        Sent sent = unanswered;
        unanswered = null;
        if (sent != null && life.log.durableEnd() == model.end() + 1) {
            model.stored(sent);
        }
        check(life);
    }

    private void check(Life life) {
        if (life.log.durableEnd() != model.end()) {
            throw new Violation("no acknowledged record is lost",
                    "ends at " + life.log.durableEnd() + ", not " + model.end());
        }
        if (life.log.lastStableOffset() != model.lastStableOffset()) {
            throw new Violation("the oldest open transaction bounds what is stable",
                    life.log.lastStableOffset() + ", not " + model.lastStableOffset());
        }
        List<CheckedBatches.Stored> read;
        try {
            read = CommittedReader.read(life.log);
        } catch (Violation e) {
            if (disk.hasFailed()) {
                return;
            }
            throw e;
        }
        model.check(read);
        if (!disk.hasFailed() && !disk.hasBeenFull() && !life.engine.troubles().isEmpty()) {
            throw new Violation("background work fails for a cause only",
                    life.engine.troubles().toString());
        }
    }

    private void step(Life life) {
        switch (dice.below(10)) {
            case 0, 1, 2 -> send(life, data(dice.below(PRODUCERS), true));
            case 3 -> send(life, data(-1, false));
            case 4, 5 -> end(life);
            case 6 -> stale(life);
            case 7 -> life.owner.execute(life.log::roll);
            case 8 -> disk.limitTo(disk.isLimited() ? Long.MAX_VALUE : dice.below(3_000));
            default -> {
                life.scheduler.pass(dice.below(2_000));
                for (int i = dice.below(30); i > 0; i--) {
                    life.scheduler.step();
                }
            }
        }
        if (dice.oneIn(5) && !disk.hasFailed()) {
            check(life);
        }
    }

    private Sent data(long producer, boolean transactional) {
        return new Sent(producer, transactional ? model.nextSequence(producer) : -1,
                "k" + dice.below(KEYS), "v" + values++, transactional, null);
    }

    private void end(Life life) {
        long producer = dice.below(PRODUCERS);
        if (model.isOpen(producer)) {
            send(life, new Sent(producer, -1, "", "", true,
                    dice.flip() ? Fate.COMMITTED : Fate.ABORTED));
        }
    }

    /** Appends a delayed marker, which must not end the transaction that is open now. */
    private void stale(Life life) {
        long producer = dice.below(PRODUCERS);
        if (model.hasEnded(producer) && model.isOpen(producer)) {
            ByteBuffer marker = BatchBuilder.endMarker(producer, (short) 0, true, COORDINATOR - 1,
                    clock.millis());
            AppendResult result = append(life, marker);
            if (!(result instanceof AppendResult.Refused(Refusal reason, String _))
                    || reason == Refusal.PRODUCER_FENCED) {
                throw new Violation("a stale marker is refused", result.toString());
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ByteBuffer batch(Sent sent) {
        if (sent.ends() != null) {
            return BatchBuilder.endMarker(sent.producer(), (short) 0,
                    sent.ends() == Fate.COMMITTED, COORDINATOR, clock.millis());
        }
        BatchBuilder builder = new BatchBuilder();
        if (sent.transactional()) {
            builder.producer(sent.producer(), (short) 0, sent.sequence()).transactional();
        }
        return builder.add(clock.millis(), bytes(sent.key()), bytes(sent.value())).build();
    }

    private void send(Life life, Sent sent) {
        unanswered = sent;
        switch (append(life, batch(sent))) {
            case AppendResult.Stored stored -> answered(life, sent, stored.durable());
            case AppendResult.Duplicate duplicate ->
                throw new Violation("only a retry is a duplicate", sent + ": " + duplicate);
            case AppendResult.Refused refused -> {
                if (!disk.hasFailed()) {
                    unanswered = null;
                    if (!disk.hasBeenFull() || refused.reason() != Refusal.DISK_FULL) {
                        throw new Violation("nothing is refused without cause",
                                sent + ": " + refused);
                    }
                    disk.limitTo(Long.MAX_VALUE);
                }
            }
        }
    }

    private void answered(Life life, Sent sent, CompletableFuture<Void> durable) {
        disk.limitTo(Long.MAX_VALUE);
        life.scheduler.until("an answer", () -> durable.isDone() || disk.hasFailed());
        if (durable.isDone() && !durable.isCompletedExceptionally()) {
            model.stored(sent);
            unanswered = null;
        } else if (!disk.hasFailed()) {
            throw new Violation("a good disk fails nothing", sent.toString());
        }
    }

    private AppendResult append(Life life, ByteBuffer batch) {
        AtomicReference<AppendResult> result = new AtomicReference<>();
        life.owner.execute(() -> result.set(life.log.append(batch)));
        life.scheduler.until("the owner", () -> result.get() != null);
        return result.get();
    }
}
