package io.taffrail.simulation.engine;

import io.taffrail.log.LogId;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A short life in which logs are also reopened under higher epochs, repeated with a fault at a
 * given disk operation. A sweep over the numbers puts the fault at every operation. Two starts on a
 * working disk follow: every promise must hold, and no file may be without an owner.
 */
public final class FaultSweepRun implements Run {

    private static final int ROUNDS = 10;
    private static final int WORK = 4;

    /** Number of operations for which a full disk stays full. */
    private static final int SHORT = 3;
    private static final int LONG = 60;

    /** The fault at the operation. */
    public enum Fault {
        /** The machine dies. */
        DEATH,
        /** The operation fails; a write may have written a part. */
        ERROR,
        /** The disk is full for a few operations. */
        FULL,
        /** The disk is full for many operations. */
        FULL_FOR_LONG;

        private void arm(SimDisk disk, long operation) {
            switch (this) {
                case DEATH -> disk.dieAt(operation);
                case ERROR -> disk.failAt(operation);
                case FULL -> disk.fullAt(operation, SHORT);
                case FULL_FOR_LONG -> disk.fullAt(operation, LONG);
            }
        }
    }

    private final EngineLives lives;
    private final Fault fault;
    private final long at;
    private boolean hit;

    /**
     * @param at
     *            number of the disk operation, from 1
     */
    public FaultSweepRun(long seed, Fault fault, long at) {
        this.lives = new EngineLives(seed, LocalLogEngine::open);
        this.fault = fault;
        this.at = at;
        lives.leaveAlone();
    }

    /** True if the life was long enough for the fault to occur. */
    public boolean wasHit() {
        return hit;
    }

    @Override
    public Trace trace() {
        return lives.trace();
    }

    @Override
    public void run() {
        try {
            fault.arm(lives.disk(), at);
            liveOnce();
            lives.stop(lives.start());
            Life last = lives.start();
            requireOwned(last);
            lives.stop(last);
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void liveOnce() {
        Life life = lives.start();
        try {
            EngineSession session = new EngineSession(lives, life);
            for (int round = 0; round < ROUNDS; round++) {
                session.work(WORK, false);
                reopenOne(life);
            }
            life.settle();
            hit = lives.disk().operations() >= at;
            lives.stop(life);
            hit |= lives.disk().operations() >= at;
        } catch (PowerCut e) {
            hit = true;
            life.end();
            lives.crash(lives.dice().oneIn(3));
        }
    }

    private void reopenOne(Life life) {
        List<LogModel> logs = lives.history().usable();
        if (!logs.isEmpty()) {
            life.reopen(lives.dice().pick(logs));
        }
    }

    /** Requires that only the segments of logs are left after a sweep of the directory. */
    private void requireOwned(Life life) {
        Map<LogId, Integer> segments = new HashMap<>();
        for (LogModel log : lives.history().logs()) {
            WritableLog handle = life.handle(log);
            if (handle != null) {
                segments.put(log.id(), handle.segmentCount());
            }
        }
        Map<String, Integer> found = new HashMap<>();
        for (SimDisk.Found file : lives.disk().files()) {
            Path folder = file.path().getParent();
            if (folder != null && file.path().toString().endsWith(".log")) {
                found.merge(String.valueOf(folder.getFileName()), 1, Integer::sum);
            }
        }
        found.remove("@meta");
        found.forEach((folder, files) -> {
            int known = segments.getOrDefault(new LogId(folder), 0);
            if (files > known) {
                throw new Violation("every file belongs to a log",
                        files + " segments in " + folder + ", " + known + " in the log");
            }
        });
    }
}
