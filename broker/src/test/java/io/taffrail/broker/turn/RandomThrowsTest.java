package io.taffrail.broker.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A random test of members and listeners that throw, over a log that refuses at random: confirmed
 * messages are stored, an atomic step is stored as a whole or not at all, no message is stored
 * twice, and every publish is answered once.
 */
class RandomThrowsTest {

    private static final int RUNS = 60;
    private static final int TURNS = 40;

    private final long seed = Long.getLong("seed", new Random().nextLong());

    /** An owner that runs tasks one after another on the test's thread. */
    private static final class Tasks implements Owner {

        private final Queue<Runnable> waiting = new ArrayDeque<>();

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable command) {
            waiting.add(command);
        }

        void runAll() {
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }
    }

    /** A turn with three members, through many commits. */
    private static final class World {

        private final Random random;
        private final Tasks owner = new Tasks();
        private final MemoryLogEngine engine = new MemoryLogEngine(
                InstantSource.fixed(Instant.EPOCH));
        private final Queue<Runnable> timers = new ArrayDeque<>();
        private final Timers later = (_, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
        };
        private final Turn turn = new Turn(engine, owner, later);
        private final List<Member> members = new ArrayList<>();
        private final Set<Integer> confirmed = new HashSet<>();
        private final Set<Integer> rejected = new HashSet<>();
        private final List<List<Integer>> atomic = new ArrayList<>();
        private int numbers;

        World(long seed) {
            random = new Random(seed);
            for (int index = 0; index < 3; index++) {
                members.add(new Member(this, "log-" + index));
            }
        }

        boolean oneIn(int count) {
            return random.nextInt(count) == 0;
        }

        void mayThrow() {
            if (oneIn(12)) {
                throw new IllegalStateException("thrown at random");
            }
        }

        Member pick() {
            return members.get(random.nextInt(members.size()));
        }

        void run() {
            for (int turns = 0; turns < TURNS; turns++) {
                if (oneIn(6)) {
                    engine.failNextAppend(
                            oneIn(2) ? Refusal.DISK_FULL : Refusal.INVALID_RECORD);
                }
                if (oneIn(5)) {
                    var _ = turn.alone(this::step);
                } else {
                    new Publisher(this).publish();
                    for (int steps = random.nextInt(3); steps > 0; steps--) {
                        step();
                    }
                }
                owner.runAll();
                timers.forEach(owner::execute);
                timers.clear();
                owner.runAll();
            }
            turn.flush();
            owner.runAll();
        }

        /** Publishes in one atomic step to two members. */
        private void step() {
            Member source = pick();
            Member target = pick();
            int taken = numbers++;
            int given = numbers++;
            atomic.add(List.of(taken, given));
            turn.move(source, () -> {
                target.put(given);
                source.put(taken);
            });
        }

        void check() {
            List<Integer> stored = members.stream().flatMap(it -> it.stored().stream()).toList();
            assertThat(stored).doesNotHaveDuplicates();
            assertThat(stored).containsAll(confirmed);
            assertThat(confirmed).doesNotContainAnyElementsOf(rejected);
            for (List<Integer> step : atomic) {
                assertThat(step).satisfiesAnyOf(it -> assertThat(stored).containsAll(it),
                        it -> assertThat(stored).doesNotContainAnyElementsOf(it));
            }
        }
    }

    /**
     * A member that keeps its part after a refusal, like messages moved from elsewhere, and drops
     * it after a failure.
     */
    private static final class Member extends TurnMember {

        private final World world;
        private final WritableLog log;
        private List<Integer> wanted = new ArrayList<>();
        private List<Integer> collected = List.of();

        Member(World world, String name) {
            this.world = world;
            LogOptions options = new LogOptions(Durability.FSYNC, ByteSize.mebibytes(1),
                    Duration.ofDays(1), 4096, OptionalLong.empty(), OptionalLong.empty(), false,
                    CompactionOptions.off(), Duration.ofDays(1));
            this.log = world.engine.openForWrite(new LogId(name),
                    world.engine.metaStore().acquire(name).join(), options, world.owner).join();
        }

        void put(int number) {
            wanted.add(number);
            world.turn.join(this, 1);
        }

        @Override
        protected void collect(TurnAppends appends) {
            world.mayThrow();
            if (wanted.isEmpty()) {
                return;
            }
            collected = wanted;
            wanted = new ArrayList<>();
            BatchBuilder batch = new BatchBuilder();
            collected.forEach(it -> batch.add(1, null,
                    ByteBuffer.allocate(Integer.BYTES).putInt(0, it), List.of()));
            appends.add(this, log, batch.build());
            world.mayThrow();
        }

        @Override
        protected void stored(AppendResult.Stored result) {
            collected = List.of();
            world.mayThrow();
        }

        @Override
        protected void refused(AppendResult.Refused refusal) {
            List<Integer> again = collected;
            collected = List.of();
            again.forEach(this::put);
            world.mayThrow();
        }

        @Override
        protected void failed(Throwable cause, boolean own) {
            collected = List.of();
            wanted.clear();
            world.mayThrow();
        }

        List<Integer> stored() {
            List<Integer> numbers = new ArrayList<>();
            if (log.durableEnd() > 0) {
                long bytes = LogReplay.read(log, (_, value) -> numbers.add(value.getInt()));
                assertThat(bytes).isPositive();
            }
            return numbers;
        }
    }

    /** A listener that publishes numbers, each to some members, and records the outcomes. */
    private static final class Publisher implements TurnListener {

        private final World world;
        private final List<Integer> numbersOfSteps = new ArrayList<>();

        Publisher(World world) {
            this.world = world;
        }

        void publish() {
            world.turn.listen(this);
            for (int count = world.random.nextInt(4); count >= 0; count--) {
                int step = world.turn.beginStep();
                while (numbersOfSteps.size() < step) {
                    numbersOfSteps.add(-1);
                }
                int number = world.numbers++;
                numbersOfSteps.add(number);
                world.pick().put(number);
                world.turn.endStep();
            }
        }

        @Override
        public void durable() {
            durableWithout(new BitSet(), "");
        }

        @Override
        public void durableWithout(BitSet lost, String detail) {
            for (int step = 0; step < numbersOfSteps.size(); step++) {
                answer(lost.get(step) ? world.rejected : world.confirmed, step);
            }
            world.mayThrow();
        }

        @Override
        public void failed(String detail) {
            for (int step = 0; step < numbersOfSteps.size(); step++) {
                answer(world.rejected, step);
            }
            world.mayThrow();
        }

        private void answer(Set<Integer> answers, int step) {
            if (numbersOfSteps.get(step) >= 0) {
                assertThat(answers.add(numbersOfSteps.get(step))).isTrue();
            }
        }
    }

    @Test
    void nothingIsConfirmedThatNoCommitHolds() {
        for (int run = 0; run < RUNS; run++) {
            World world = new World(seed + run);
            try {
                world.run();
                world.check();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + (seed + run), e);
            }
            assertThat(world.confirmed).isNotEmpty();
            assertThat(world.rejected).isNotEmpty();
        }
    }
}
