package io.taffrail.verify.fault;

import io.taffrail.verify.broker.BrokerProcess;
import io.taffrail.verify.broker.ControlException;
import io.taffrail.verify.broker.Posix;
import io.taffrail.verify.disk.BrokerDisk;
import io.taffrail.verify.disk.Throttle;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Does it to the broker, and records what it does. Of one thread. */
public final class Injector {

    private static final long SLOW_BYTES_PER_SECOND = 256 * 1024;

    private final Optional<BrokerProcess> broker;
    private final Optional<BrokerDisk> disk;
    private final Optional<Long> pid;
    private final Duration hold;
    private final Recorder recorder;

    /**
     * @param broker
     *            if it was started by us
     * @param disk
     *            if it has one of its own
     * @param pid
     *            of a broker that somebody else started
     * @param hold
     *            how long a fault lasts that is not over at once
     */
    public Injector(Optional<BrokerProcess> broker, Optional<BrokerDisk> disk, Optional<Long> pid,
            Duration hold, Recorder recorder) {
        this.broker = broker;
        this.disk = disk;
        this.pid = pid;
        this.hold = hold;
        this.recorder = recorder;
        if (!Posix.prepare()) {
            throw new ControlException("no signals can be sent here");
        }
    }

    /** Begins and ends the fault; the broker may not serve yet when it returns. */
    public void inject(Fault fault) throws InterruptedException {
        if (fault == Fault.POWER_CUT) {
            // What is acknowledged from here on is so by a broker that has come back.
            owned().freeze();
        }
        recorder.record(event(fault.label(), Phase.INVOKE));
        switch (fault) {
            case KILL -> {
                owned().kill();
                owned().start();
            }
            case RESTART -> {
                owned().stop();
                owned().start();
            }
            case STOP -> stop();
            case POWER_CUT -> {
                ownDisk().cutPower(owned());
                owned().start();
            }
            case DISK_FULL -> fillDisk();
            case SLOW_DISK -> {
                try (Throttle _ = Throttle.start(ownDisk(), owned(), SLOW_BYTES_PER_SECOND)) {
                    hold();
                }
            }
        }
    }

    /** Records that the broker serves again. */
    public void recovered(Fault fault) {
        recorder.record(event(fault.label(), Phase.OK));
    }

    /** Records that it does not, and what it says of that. */
    public void notRecovered(Fault fault, String why) {
        recorder.record(event("not serving after " + fault.label() + ": " + why
                + broker.map(own -> "; it wrote:\n" + own.logTail()).orElse(""), Phase.FAIL));
    }

    private void stop() throws InterruptedException {
        if (broker.isPresent()) {
            owned().freeze();
            try {
                hold();
            } finally {
                owned().thaw();
            }
            return;
        }
        long other = pid.orElseThrow(() -> new ControlException("stop needs --pid or --start"));
        if (!Posix.signal(other, Posix.SIGSTOP)) {
            throw new ControlException("cannot send SIGSTOP to process " + other);
        }
        try {
            hold();
        } finally {
            Posix.signal(other, Posix.SIGCONT);
        }
    }

    private void fillDisk() throws InterruptedException {
        ownDisk().fill();
        try {
            hold();
        } finally {
            ownDisk().empty();
        }
        if (!owned().isAlive()) {
            owned().start();
        }
    }

    private void hold() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(hold.toNanos());
    }

    private BrokerProcess owned() {
        return broker.orElseThrow(() -> new ControlException("this fault needs --start"));
    }

    private BrokerDisk ownDisk() {
        return disk.orElseThrow(() -> new ControlException("this fault needs a disk"));
    }

    private static Event event(String note, Phase phase) {
        return Event.of("faults", Action.FAULT, phase, "").note(note);
    }
}
