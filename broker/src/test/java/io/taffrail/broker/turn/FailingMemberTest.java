package io.taffrail.broker.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A member or listener of a turn that throws fails alone, and no publish is confirmed without a
 * commit that stored it.
 */
class FailingMemberTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private final OwnerThread owner = new OwnerThread();
    private final List<String> told = new ArrayList<>();
    private final Turn turn = new Turn(engine, owner, (_, _) -> () -> {});
    private final Member good = new Member("good");
    private final Member bad = new Member("bad");

    FailingMemberTest() {
        turn.onFailure(detail -> told.add("host: " + detail));
    }

    @AfterEach
    void close() {
        owner.close();
        engine.close();
    }

    /** A member that stores one record for each step it took part in. */
    private final class Member extends TurnMember {

        private final String name;
        private final WritableLog log;
        private @Nullable Error inCollect;
        private @Nullable RuntimeException inStored;
        private @Nullable RuntimeException inRefused;
        /** Whether refused records are stored with the next turn. */
        private boolean again;
        private int wanted;
        private final List<String> heard = new ArrayList<>();

        Member(String name) {
            this.name = name;
            LogOptions options = new LogOptions(Durability.FSYNC, ByteSize.mebibytes(1),
                    Duration.ofDays(1), 4096, OptionalLong.empty(), OptionalLong.empty(), false,
                    CompactionOptions.off(), Duration.ofDays(1));
            this.log = OwnerThread.await(engine.openForWrite(new LogId(name),
                    engine.metaStore().acquire(name).join(), options, owner));
        }

        void put() {
            wanted++;
            turn.join(this, 1);
        }

        @Override
        protected void collect(TurnAppends appends) {
            int count = wanted;
            wanted = 0;
            for (; count > 0; count--) {
                appends.add(this, log, new BatchBuilder()
                        .add(1, null, ByteBuffer.allocate(1), List.of()).build());
                if (inCollect != null) {
                    throw inCollect;
                }
            }
        }

        @Override
        protected void stored(AppendResult.Stored result) {
            if (inStored != null) {
                throw inStored;
            }
            heard.add("stored");
        }

        @Override
        protected void refused(AppendResult.Refused refusal) {
            if (inRefused != null) {
                throw inRefused;
            }
            heard.add("refused " + refusal.reason());
            if (again) {
                wanted++;
                turn.joinLater(this);
            }
        }

        @Override
        protected void failed(Throwable cause, boolean own) {
            heard.add((own ? "failed: " : "failed with another: ") + cause.getMessage());
        }

        long stored() {
            return owner.call(log::nextOffset);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A listener with a step of its own for each publish, like a channel's publisher. */
    private class Listener implements TurnListener {

        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public void durable() {
            told.add(name + " durable");
        }

        @Override
        public void durableWithout(BitSet lost, String detail) {
            told.add(name + " durable without " + lost + ": " + detail);
        }

        @Override
        public void failed(String detail) {
            told.add(name + " failed: " + detail);
        }
    }

    private void step(Runnable body) {
        int number = turn.beginStep();
        assertThat(number).isNotNegative();
        body.run();
        turn.endStep();
    }

    private void settled() {
        owner.run(() -> {});
        owner.run(() -> {});
    }

    @Test
    void failsAloneInCollect() {
        failInCollect();
    }

    private void failInCollect() {
        owner.run(() -> {
            bad.inCollect = new AssertionError("broken");
            turn.listen(new Listener("publisher"));
            step(good::put);
            step(bad::put);
            step(good::put);
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("publisher durable without {1}: broken");
        assertThat(good.stored()).isEqualTo(2);
        assertThat(bad.stored()).isZero();
        assertThat(good.heard).containsExactly("stored", "stored");
        assertThat(bad.heard).containsExactly("failed: broken");
    }

    @Test
    void joinsTheNextTurnAfterAThrow() {
        failInCollect();
        told.clear();
        owner.run(() -> {
            bad.inCollect = null;
            turn.listen(new Listener("publisher"));
            bad.put();
            good.put();
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("publisher durable");
        assertThat(bad.stored()).isEqualTo(1);
        assertThat(good.stored()).isEqualTo(3);
    }

    @Test
    void listenerWithoutStepsIsToldOfAFailure() {
        owner.run(() -> {
            bad.inCollect = new AssertionError("broken");
            turn.listen(new TurnListener() {
                @Override
                public void durable() {
                    told.add("durable");
                }

                @Override
                public void failed(String detail) {
                    told.add("failed");
                }
            });
            bad.put();
            good.put();
        });
        settled();
        assertThat(told).containsExactly("failed");
    }

    @Test
    void takesWhatItIsBoundToAlong() {
        Member other = new Member("other");
        owner.run(() -> {
            bad.inCollect = new AssertionError("broken");
            turn.listen(new Listener("publisher"));
            turn.move(good, other::put);
            good.put();
            turn.move(bad, good::put);
            bad.put();
            step(other::put);
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("publisher durable without {0}: broken");
        assertThat(good.stored() + bad.stored() + other.stored()).isZero();
        assertThat(other.heard).containsExactly("failed with another: broken");
    }

    @Test
    void boundMembersThatAreRefusedStayBound() {
        owner.run(() -> {
            engine.failNextAppend(Refusal.DISK_FULL);
            good.again = true;
            bad.again = true;
            turn.move(bad, good::put);
            bad.put();
            turn.flush();
            bad.inCollect = new AssertionError("broken");
            turn.flush();
        });
        assertThat(good.heard).containsExactly("refused DISK_FULL",
                "failed with another: broken");
        assertThat(good.stored() + bad.stored()).isZero();
    }

    @Test
    void aThrowInsideOfAMoveStoresNeitherHalf() {
        owner.run(() -> {
            try {
                turn.move(bad, () -> {
                    good.put();
                    throw new IllegalStateException("half-way");
                });
            } catch (IllegalStateException e) {
                told.add(String.valueOf(e.getMessage()));
            }
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("half-way");
        assertThat(good.stored()).isZero();
        assertThat(good.heard).containsExactly("failed with another: half-way");
    }

    @Test
    void atomicTurnWithAFailedMemberIsNotStored() {
        CompletableFuture<Void> outcome = owner.call(() -> {
            bad.inCollect = new AssertionError("broken");
            return turn.alone(() -> {
                good.put();
                bad.put();
            });
        });
        settled();
        assertThat(outcome).isCompletedExceptionally();
        assertThat(good.stored() + bad.stored()).isZero();
        assertThat(good.heard).containsExactly("failed with another: broken");
    }

    @Test
    void atomicTurnThatThrowsIsNotStored() {
        CompletableFuture<Void> outcome = owner.call(() -> turn.alone(() -> {
            good.put();
            throw new IllegalStateException("half-way");
        }));
        settled();
        assertThat(outcome).isCompletedExceptionally();
        assertThat(good.stored()).isZero();
    }

    @Test
    void throwingWhenToldOfACommitReachesNobodyElse() {
        owner.run(() -> {
            bad.inStored = new IllegalStateException("lost my head");
            turn.listen(new Listener("publisher"));
            bad.put();
            good.put();
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("publisher durable");
        assertThat(bad.heard).containsExactly("failed: lost my head");
        assertThat(good.heard).containsExactly("stored");
    }

    @Test
    void throwingWhenToldOfARefusalReachesNobodyElse() {
        owner.run(() -> {
            engine.failNextAppend(Refusal.OVERLOADED);
            bad.inRefused = new IllegalStateException("lost my head");
            turn.listen(new Listener("publisher"));
            bad.put();
            good.put();
            turn.flush();
        });
        settled();
        assertThat(told).hasSize(1).first().asString().startsWith("publisher failed");
        assertThat(bad.heard).containsExactly("failed: lost my head");
        assertThat(good.heard).containsExactly("refused OVERLOADED");
    }

    @Test
    void listenerThatThrowsKeepsItFromNoOther() {
        owner.run(() -> {
            turn.listen(new Listener("first") {
                @Override
                public void durable() {
                    throw new IllegalStateException("no");
                }
            });
            turn.listen(new Listener("second"));
            good.put();
            turn.flush();
            turn.listen(new Listener("third"));
            good.put();
            turn.flush();
        });
        settled();
        assertThat(told).containsExactly("second durable", "third durable");
    }

    @Test
    void aLogThatFailedIsLeftOut() {
        owner.run(() -> {
            turn.listen(new Listener("publisher"));
            bad.log.close();
            step(bad::put);
            step(good::put);
            turn.flush();
        });
        settled();
        assertThat(told).hasSize(1).first().asString()
                .startsWith("publisher durable without {0}: CLOSED");
        assertThat(good.stored()).isEqualTo(1);
        assertThat(bad.heard).hasSize(1).first().asString().startsWith("failed: CLOSED");
    }

    @Test
    void noMemoryEndsTheProcessAndConfirmsNothing() {
        List<String> ends = new ArrayList<>();
        Error noMemory = new OutOfMemoryError("Java heap space");
        owner.run(() -> {
            bad.inCollect = noMemory;
            turn.listen(new Listener("publisher"));
            bad.put();
            good.put();
            FailStop.within((reason, _) -> ends.add(reason), () -> {
                try {
                    turn.flush();
                } catch (OutOfMemoryError e) {
                    told.add("thrown on");
                }
            });
        });
        owner.run(() -> {
            turn.listen(new Listener("later"));
            good.put();
        });
        settled();
        assertThat(ends).isNotEmpty().containsOnly("Java heap space");
        assertThat(told).hasSize(4).noneMatch(it -> it.contains("durable"));
        assertThat(good.stored()).isZero();
    }
}
