package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.LogFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetsLogReplayTest implements CoordinatorPlayback<CoordinatorRecord> {

    private final List<Long> replayed = new ArrayList<>();
    private final List<Long> written = new ArrayList<>();
    private final List<Long> committed = new ArrayList<>();
    private BatchFile log;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        log = new BatchFile(folder.resolve("log"));
    }

    @AfterEach
    void close() throws IOException {
        assertThat(log.openSlices()).isZero();
        log.close();
    }

    @Override
    public void replay(long offset, long producerId, short producerEpoch,
            CoordinatorRecord record) {
        replayed.add(offset);
    }

    @Override
    public void replayEndTransactionMarker(long producerId, short producerEpoch,
            TransactionResult result) {
        throw new AssertionError("there are no transactions here");
    }

    @Override
    public void updateLastWrittenOffset(long offset) {
        written.add(offset);
    }

    @Override
    public void updateLastCommittedOffset(long offset) {
        committed.add(offset);
    }

    private static CoordinatorRecord record() {
        return GroupCoordinatorRecordHelpers.newConsumerGroupEpochTombstoneRecord("g");
    }

    private void run(long end, int readBytes) throws IOException {
        new OffsetsLogReplay(log, this, end, readBytes).run(() -> false);
    }

    @Test
    void everyRecordIsReplayedOnceWhateverIsReadAtOnce() throws IOException {
        log.append(0, record(), record(), record());
        log.append(3, record());
        log.append(4, record(), record());

        for (int readBytes : new int[]{1, 100, 150, 10_000}) {
            replayed.clear();
            run(6, readBytes);
            assertThat(replayed).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        }
        assertThat(written).containsSequence(3L, 4L, 6L).doesNotContain(0L);
        assertThat(committed).isEqualTo(written);
    }

    @Test
    void endIsToldWhereTheLastRecordsWereCompactedAway() throws IOException {
        log.append(2, record());

        run(10, 1000);

        assertThat(replayed).containsExactly(2L);
        assertThat(written).containsExactly(3L, 10L);
    }

    @Test
    void startThatMovedWhileReadingIsFollowed() throws IOException {
        log.append(0, record());
        log.append(1, record(), record());
        log.startAt(2);

        run(3, 1000);

        assertThat(replayed).containsExactly(2L);
    }

    @Test
    void flippedBitIsFoundAndNamed() throws IOException {
        log.append(0, record());
        log.append(1, record());
        log.damageLastByte();

        assertThatThrownBy(() -> run(2, 1000)).isInstanceOf(LogFailedException.class)
                .hasMessageContaining("file").hasMessageContaining("offset 1");
        assertThat(replayed).containsExactly(0L);
    }

    @Test
    void stopsWhenCancelled() throws IOException {
        log.append(0, record());

        assertThatThrownBy(() -> new OffsetsLogReplay(log, this, 1, 1000).run(() -> true))
                .isInstanceOf(NotCoordinatorException.class);
    }
}
