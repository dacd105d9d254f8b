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

/** Injects faults into the broker and records them in the history. For a single thread. */
public final class Injector {

    private static final long SLOW_BYTES_PER_SECOND = 256 * 1024;

    private final Optional<BrokerProcess> broker;
    private final Optional<BrokerDisk> disk;
    private final Optional<Long> pid;
    private final Duration hold;
    private final Recorder recorder;

    /**
     * Creates an injector.
     *
     * @param broker
     *            the broker, if this run has started it
     * @param disk
     *            the broker's separate disk, if it has one
     * @param pid
     *            process id of a broker that was already running
     * @param hold
     *            duration of a fault that lasts
     * @throws ControlException
     *             if signals cannot be sent
     */
    public Injector(Optional<BrokerProcess> broker, Optional<BrokerDisk> disk, Optional<Long> pid,
            Duration hold, Recorder recorder) {
        this.broker = broker;
        this.disk = disk;
        this.pid = pid;
        this.hold = hold;
        this.recorder = recorder;
        if (!Posix.prepare()) {
            throw new ControlException("signals cannot be sent on this system");
        }
    }

    /** Injects the fault and ends it. The broker may not serve yet when this method returns. */
    public void inject(Fault fault) throws InterruptedException {
        if (fault == Fault.POWER_CUT) {
            // Freeze first: any later acknowledgement then comes from the restarted broker.
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

    /** Records that the broker does not serve again, with the reason and the end of its output. */
    public void notRecovered(Fault fault, String why) {
        recorder.record(event("not serving after " + fault.label() + ": " + why
                + broker.map(own -> "; end of its log:\n" + own.logTail()).orElse(""), Phase.FAIL));
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
