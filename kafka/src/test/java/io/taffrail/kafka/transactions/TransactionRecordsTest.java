package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.LogFailedException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.transaction.TransactionLog;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.Test;

/** The stored form is Kafka's: its own classes read and write it. */
class TransactionRecordsTest {

    private static final String ID = "x".repeat(Short.MAX_VALUE);

    private static Record only(ByteBuffer batch) {
        return MemoryRecords.readableRecords(batch).records().iterator().next();
    }

    private static TransactionMetadata byKafka(Record record) {
        return ((TransactionLog.TxnRecord) TransactionLog.read(record.key(), record.value()))
                .metadata();
    }

    private static TransactionalId ongoing() {
        return TransactionalId.first(ID, 7, 1000, 10)
                .with(Set.of(new TopicPart("t", 0), new TopicPart("t", 2),
                        new TopicPart("u", 1)), 20);
    }

    @Test
    void kafkaReadsWhatIsStored() {
        Record record = only(TransactionRecords.batch(ongoing(), true));

        TransactionMetadata read = byKafka(record);
        assertThat(read.producerId()).isEqualTo(7);
        assertThat(read.producerEpoch()).isZero();
        assertThat(read.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(read.topicPartitions()).containsExactlyInAnyOrder(new TopicPartition("t", 0),
                new TopicPartition("t", 2), new TopicPartition("u", 1));
        assertThat(read.txnStartTimestamp()).isEqualTo(20);
    }

    @Test
    void everyStateIsReadBack() {
        TransactionalId ongoing = ongoing();
        for (TransactionalId state : new TransactionalId[]{TransactionalId.first(ID, 7, 1000, 10),
            ongoing,
            ongoing.ending(true, 30), ongoing.fenced(30), ongoing.ending(true, 30).ended(40),
            ongoing.fenced(30).ended(40),
            ongoing.endingWithEpoch(true, 9, 30).ended(40).initialised((short) 3,
                    (short) -1, 5, 50),
            TransactionalId.first(ID, 7, 1, 1).rotated(8, (short) -1, 2, 3)}) {
            Record record = only(TransactionRecords.batch(state, true));
            assertThat(TransactionRecords.id(record)).isEqualTo(ID);
            assertThat(TransactionRecords.state(ID, record)).isEqualTo(state);
        }
        assertThat(TransactionRecords.state(ID, only(TransactionRecords.removal(ID, 5)))).isNull();
    }

    @Test
    void withoutFlexibleFieldsTheRecordIsThatOfKafkasVersionZero() {
        TransactionalId state = ongoing().ending(true, 30);
        Record record = only(TransactionRecords.batch(state, false));

        assertThat(record.value().getShort(0)).isZero();
        assertThat(byKafka(record).state()).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(TransactionRecords.state(ID, record)).isEqualTo(state);
    }

    @Test
    void whatVersionZeroCannotStoreIsStoredInVersionOne() {
        TransactionalId state = ongoing().endingWithEpoch(true, 9, 30);
        Record record = only(TransactionRecords.batch(state, false));

        assertThat(record.value().getShort(0)).isEqualTo((short) 1);
        assertThat(TransactionRecords.state(ID, record)).isNotNull()
                .extracting(TransactionalId::nextProducerId).isEqualTo(9L);
    }

    @Test
    void versionZeroOfKafkaIsRead() {
        TransactionalId state = ongoing();
        byte[] old = TransactionLog.valueToBytes(
                byKafka(only(TransactionRecords.batch(state, true))).prepareAbortOrCommit(
                        TransactionState.PREPARE_COMMIT,
                        TransactionVersion.TV_0, -1, 30, false),
                TransactionVersion.TV_0);
        Record record = MemoryRecords.withRecords(Compression.NONE,
                new SimpleRecord(TransactionLog.keyToBytes(ID), old)).records().iterator().next();

        TransactionalId read = Objects.requireNonNull(TransactionRecords.state(ID, record));

        assertThat(TransactionRecords.id(record)).isEqualTo(ID);
        assertThat(read).isEqualTo(state.ending(true, 30));
    }

    @Test
    void recordsOfNewerVersionsAreNotTakenForOthers() {
        Record key = only(MemoryRecords.withRecords(Compression.NONE,
                new SimpleRecord(new byte[]{0, 9}, new byte[]{0, 9})).buffer());
        assertThat(TransactionRecords.id(key)).isNull();
        assertThatThrownBy(() -> TransactionRecords.state(ID, key))
                .isInstanceOf(LogFailedException.class).hasMessageContaining("version 9");
    }
}
