package io.taffrail.verify;

import io.taffrail.verify.amqp.AmqpWorkload;
import io.taffrail.verify.broker.BrokerProcess;
import io.taffrail.verify.broker.ControlException;
import io.taffrail.verify.broker.Ports;
import io.taffrail.verify.broker.Preset;
import io.taffrail.verify.check.Checker;
import io.taffrail.verify.check.Findings;
import io.taffrail.verify.disk.BrokerDisk;
import io.taffrail.verify.fault.Fault;
import io.taffrail.verify.fault.Injector;
import io.taffrail.verify.fault.Schedule;
import io.taffrail.verify.history.History;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.kafka.BankWorkload;
import io.taffrail.verify.kafka.KafkaWorkload;
import io.taffrail.verify.kafka.TransactionWorkload;
import io.taffrail.verify.load.Workload;
import io.taffrail.verify.load.WorkloadException;
import io.taffrail.verify.load.WorkloadKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One run: starts the broker, applies the load, injects faults, stops the load, reads everything
 * back and checks the history. For a single thread, except that any thread may call {@link #close}.
 */
public final class Verification implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration SERVING_STEP = Duration.ofSeconds(1);
    private static final Duration FLOW_LIMIT = Duration.ofSeconds(30);
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(60);
    private static final Duration AFTERMATH = Duration.ofMillis(700);
    private static final long STEP_MS = 20;

    private final Plan plan;
    private final LongSupplier nanoClock;
    private final Consumer<String> progress;
    private final Recorder recorder;
    private final List<Workload> workloads = new ArrayList<>();
    private Optional<BrokerDisk> disk = Optional.empty();
    private Optional<BrokerProcess> broker = Optional.empty();

    /**
     * Creates a run and opens its history file.
     *
     * @param nanoClock
     *            a monotonic clock in nanoseconds
     * @param progress
     *            receives progress messages, one line each
     */
    public Verification(Plan plan, LongSupplier nanoClock, Consumer<String> progress) {
        this.plan = plan;
        this.nanoClock = nanoClock;
        this.progress = progress;
        this.recorder = new Recorder(plan.history(), nanoClock);
    }

    /** Reads a history and checks it. */
    public static Findings check(Path history) {
        Checker checker = new Checker();
        History.read(history, checker::accept);
        return checker.finish();
    }

    /**
     * Performs the run.
     *
     * @return the findings of the checker
     * @throws ControlException
     *             if the broker or its disk cannot be controlled
     * @throws WorkloadException
     *             if the workload cannot run
     */
    public Findings run() throws InterruptedException {
        Random random = new Random(plan.seed());
        connect(random);
        awaitServing(START_LIMIT);
        for (Workload workload : workloads) {
            workload.prepare();
        }
        force();
        workloads.forEach(Workload::start);
        awaitFlow();
        if (injectAll(random)) {
            progress.accept("reading everything back");
            for (Workload workload : workloads) {
                workload.finish(FINISH_LIMIT);
                if (broker.isEmpty()) {
                    workload.remove();
                }
            }
        }
        close();
        return check(plan.history());
    }

    private void connect(Random random) {
        Optional<String> kafka = plan.target().kafka();
        Optional<String> amqp = plan.target().amqp();
        if (plan.target().preset().isPresent()) {
            Preset preset = plan.target().preset().get();
            Preset.Site site = site(random);
            BrokerProcess process = new BrokerProcess(preset, site);
            broker = Optional.of(process);
            process.prepare();
            process.start();
            kafka = Optional.of("127.0.0.1:" + site.kafkaPort()).filter(_ -> preset.kafka());
            amqp = Optional.of("127.0.0.1:" + site.amqpPort()).filter(_ -> preset.amqp());
        }
        AtomicInteger numbers = new AtomicInteger();
        kafka.ifPresent(address -> workloads.add(kafka(address, numbers, random)));
        amqp.filter(_ -> plan.load().kind() == WorkloadKind.messages).ifPresent(
                address -> workloads.add(new AmqpWorkload(address, plan.target().queues(),
                        plan.load(), recorder, numbers, nanoClock)));
    }

    private Workload kafka(String address, AtomicInteger numbers, Random random) {
        return switch (plan.load().kind()) {
            case messages ->
                new KafkaWorkload(address, plan.load(), recorder, numbers, nanoClock);
            case transactions -> new TransactionWorkload(address, plan.load(), recorder, numbers,
                    random, nanoClock);
            case bank -> new BankWorkload(address, plan.load(), recorder, numbers, random,
                    nanoClock);
        };
    }

    private Preset.Site site(Random random) {
        Path home = plan.workDir();
        Path data = home.resolve("data");
        if (plan.faults().needDisk()) {
            BrokerDisk own = BrokerDisk.create(home, plan.faults().diskBytes());
            disk = Optional.of(own);
            data = own.dataDir();
        }
        // Ports are random even for a fixed seed, so that concurrent runs do not collide.
        // The seed controls the faults only.
        Random chance = new Random(random.nextLong() ^ ProcessHandle.current().pid());
        int first = Ports.free(chance, 4);
        return new Preset.Site(data, home, first, first + 1, first + 2);
    }

    /** Forces the broker's initial data, so that a power cut affects only the workload's writes. */
    private void force() throws InterruptedException {
        if (disk.isPresent() && plan.target().preset().isPresent()) {
            TimeUnit.NANOSECONDS.sleep(plan.target().preset().get().settling().toNanos());
            disk.get().sync();
        }
    }

    /** Waits until every protocol is served; fails at once if the broker's process has ended. */
    private void awaitServing(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        for (Workload workload : workloads) {
            boolean serving = false;
            while (!serving) {
                try {
                    workload.awaitServing(SERVING_STEP);
                    serving = true;
                } catch (WorkloadException e) {
                    if (nanoClock.getAsLong() > deadlineNs) {
                        throw e;
                    }
                    if (broker.isPresent() && !broker.get().isAlive()) {
                        throw new WorkloadException("the broker's process has ended:\n"
                                + broker.get().logTail(), e);
                    }
                }
            }
        }
    }

    private void awaitFlow() throws InterruptedException {
        if (!grows(recorder::acknowledged, FLOW_LIMIT)
                || (recorder.delivered() == 0 && !grows(recorder::delivered, FLOW_LIMIT))) {
            throw new WorkloadException("nothing was acknowledged or delivered in "
                    + FLOW_LIMIT.toSeconds() + " s", new TimeoutException());
        }
    }

    /** Waits until the count exceeds its current value. */
    private boolean grows(LongSupplier count, Duration limit) throws InterruptedException {
        long before = count.getAsLong();
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        while (count.getAsLong() == before) {
            if (nanoClock.getAsLong() > deadlineNs) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
        }
        return true;
    }

    /**
     * Injects faults for the duration of the plan; returns whether the broker serves afterwards.
     */
    private boolean injectAll(Random random) throws InterruptedException {
        Injector injector = new Injector(broker, disk, plan.target().pid(), plan.faults().hold(),
                recorder);
        Schedule schedule = new Schedule(plan.faults().kinds(), plan.faults().every(), random);
        long beganNs = nanoClock.getAsLong();
        long endNs = beganNs + plan.duration().toNanos();
        if (schedule.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(plan.duration().toNanos());
            return true;
        }
        do {
            TimeUnit.NANOSECONDS.sleep(schedule.nextPause().toNanos());
            if (!inject(injector, schedule.nextFault(), beganNs)) {
                return false;
            }
        } while (nanoClock.getAsLong() < endNs);
        TimeUnit.NANOSECONDS.sleep(AFTERMATH.toNanos());
        return true;
    }

    private boolean inject(Injector injector, Fault fault, long beganNs)
            throws InterruptedException {
        double second = (nanoClock.getAsLong() - beganNs) / 1e9;
        progress.accept(String.format(java.util.Locale.ROOT, "%.1f s  %s, %,d acknowledged", second,
                fault.label(), recorder.acknowledged()));
        injector.inject(fault);
        try {
            awaitServing(START_LIMIT);
        } catch (WorkloadException e) {
            injector.notRecovered(fault, String.valueOf(e.getMessage()));
            return false;
        }
        injector.recovered(fault);
        for (Workload workload : workloads) {
            workload.observe();
        }
        // The time that clients need to reconnect is part of the outage. If they do not reconnect,
        // the history shows it.
        boolean flows = grows(recorder::acknowledged, FLOW_LIMIT);
        if (!flows) {
            progress.accept("nothing acknowledged for " + FLOW_LIMIT.toSeconds() + " s after "
                    + fault.label());
        }
        return true;
    }

    /** Stops clients, broker and disk, and completes the history. A second call has no effect. */
    @Override
    public void close() {
        workloads.forEach(Workload::close);
        broker.ifPresent(BrokerProcess::close);
        disk.ifPresent(BrokerDisk::close);
        disk = Optional.empty();
        recorder.close();
    }
}
