package io.taffrail.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {

    private final AtomicLong nowMs = new AtomicLong(1000);
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
    private final AtomicInteger ids = new AtomicInteger(-1);
    private final FetchSessions sessions = new FetchSessions(2, clock, ids::incrementAndGet);

    @Test
    void idsAreNeverZero() {
        assertThat(create().orElseThrow().id()).isPositive();
    }

    @Test
    void newcomerGoesWithoutWhileAllAreInUse() {
        create();
        create();

        assertThat(create()).isEmpty();
        assertThat(sessions.size()).isEqualTo(2);
    }

    @Test
    void leastRecentlyUsedMakesPlaceAfterTwoMinutes() {
        FetchSession first = create().orElseThrow();
        FetchSession second = create().orElseThrow();
        nowMs.addAndGet(FetchSessions.EVICTION_MS + 1);
        assertThat(sessions.find(first.id())).isPresent();
        assertThat(first.update(1, List.of(), List.of(), nowMs.get())).isTrue();

        FetchSession third = create().orElseThrow();

        assertThat(sessions.find(second.id())).isEmpty();
        assertThat(sessions.find(first.id())).contains(first);
        assertThat(sessions.find(third.id())).contains(third);
    }

    @Test
    void aClientOfVeryManyPartitionsGoesWithout() {
        assertThat(sessions.create(false, targets(FetchSession.MAX_PARTITIONS + 1))).isEmpty();

        FetchSession session = sessions.create(false, targets(FetchSession.MAX_PARTITIONS))
                .orElseThrow();

        assertThat(session.update(1, List.of(target(-1)), List.of(), nowMs.get())).isFalse();
    }

    @Test
    void partitionsOfAllSessionsAreBounded() {
        FetchSessions many = new FetchSessions(1000, clock, ids::incrementAndGet);
        int fit = FetchSessions.MAX_PARTITIONS / FetchSession.MAX_PARTITIONS;
        for (int i = 0; i < fit; i++) {
            assertThat(many.create(false, targets(FetchSession.MAX_PARTITIONS))).isPresent();
        }
        assertThat(many.create(false, targets(1))).isEmpty();
        assertThat(many.hasRoomFor(1)).isFalse();

        nowMs.addAndGet(FetchSessions.EVICTION_MS + 1);

        assertThat(many.create(false, targets(1))).isPresent();
        assertThat(many.size()).isEqualTo(fit);
    }

    private static List<FetchTarget> targets(int count) {
        return IntStream.range(0, count).mapToObj(FetchSessionsTest::target).toList();
    }

    @Test
    void partitionWithRecordsGoesToTheEnd() {
        FetchSession session = sessions.create(false, List.of(target(0), target(1), target(2)))
                .orElseThrow();

        session.toldAll(List.of(new Fetched(target(0), new PartitionData()
                .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(9)))),
                new Fetched(target(1), new PartitionData().setRecords(MemoryRecords.EMPTY))));

        assertThat(session.targets()).extracting(FetchTarget::partition).containsExactly(1, 2, 0);
    }

    @Test
    void movedEndIsNewsOnce() {
        FetchSession session = sessions.create(false, List.of(target(0))).orElseThrow();
        List<Fetched> moved = List.of(new Fetched(target(0), new PartitionData()
                .setHighWatermark(5).setRecords(MemoryRecords.EMPTY)));

        assertThat(session.news(moved)).hasSize(1);
        assertThat(session.news(moved)).isEmpty();
    }

    @Test
    void requestOutOfStepChangesNothing() {
        FetchSession session = sessions.create(false, List.of(target(0))).orElseThrow();

        assertThat(session.update(2, List.of(target(1)), List.of(), 0)).isFalse();
        assertThat(session.targets()).hasSize(1);
        assertThat(session.update(1, List.of(target(1)), List.of(target(0).key()), 0)).isTrue();
        assertThat(session.targets()).extracting(FetchTarget::partition).containsExactly(1);
    }

    private Optional<FetchSession> create() {
        return sessions.create(false, List.of(target(0)));
    }

    private static FetchTarget target(int partition) {
        return new FetchTarget("t", Uuid.ZERO_UUID, partition, 0, 100, -1, -1);
    }
}
