package io.taffrail.simulation.kafka;

import static java.util.Objects.requireNonNull;

import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** A consumer of all partitions with {@code read_committed}, which filters as Kafka's does. */
final class CommittedFetcher {

    private static final int FETCH = 17;
    private static final byte READ_COMMITTED = 1;
    private static final int BYTES = 4_000;

    private final HeadHistory history;
    private final TransactionHistory transactions;
    private final HeadMachine machine;
    private final Map<PartitionModel, Long> positions = new LinkedHashMap<>();
    private final Map<PartitionModel, Map<Long, Long>> read = new LinkedHashMap<>();
    private final Set<PartitionModel> atEnd = new HashSet<>();
    private @Nullable KafkaLink link;
    private boolean asking;

    CommittedFetcher(HeadHistory history, TransactionHistory transactions, HeadMachine machine) {
        this.history = history;
        this.transactions = transactions;
        this.machine = machine;
        for (PartitionModel partition : history.partitions()) {
            positions.put(partition, 0L);
            read.put(partition, new HashMap<>());
        }
    }

    /** Offsets of all records that it has got, by their ids. */
    Map<PartitionModel, Map<Long, Long>> read() {
        return read;
    }

    /** True if everything is read and no transaction was open at the end. */
    boolean isAtEnd() {
        return !asking && atEnd.size() == positions.size();
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    void fetch() {
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine);
            link = open;
            asking = false;
        }
        if (asking) {
            return;
        }
        asking = true;
        Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
        positions.forEach((partition, position) -> topics
                .computeIfAbsent(partition.topicId(), id -> new FetchTopic().setTopicId(id)
                        .setPartitions(new ArrayList<>()))
                .partitions().add(new FetchPartition().setPartition(partition.index())
                        .setFetchOffset(position).setPartitionMaxBytes(BYTES)));
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(5).setMinBytes(1)
                .setMaxBytes(1 << 20).setIsolationLevel(READ_COMMITTED).setSessionId(0)
                .setSessionEpoch(-1).setTopics(List.copyOf(topics.values()));
        open.send(ApiKeys.FETCH, FETCH, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                asking = false;
                answered((FetchResponseData) body);
            }

            @Override
            public void lost() {
                asking = false;
            }
        });
    }

    private void answered(FetchResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            history.requireCause(machine, "fetch", error);
            return;
        }
        answer.responses().forEach(topic -> topic.partitions().forEach(data -> positions.keySet()
                .stream().filter(it -> it.topicId().equals(topic.topicId())
                        && it.index() == data.partitionIndex())
                .findFirst().ifPresent(it -> take(it, data))));
    }

    private void take(PartitionModel partition, PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        if (error != Errors.NONE) {
            history.requireCause(machine, "fetch of " + partition, error);
            return;
        }
        Deque<AbortedTransaction> aborted = new ArrayDeque<>();
        if (data.abortedTransactions() != null) {
            data.abortedTransactions().stream()
                    .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                    .forEach(aborted::add);
        }
        Set<Long> skipped = new HashSet<>();
        for (RecordBatch batch : ((MemoryRecords) data.records()).batches()) {
            while (!aborted.isEmpty() && aborted.peek().firstOffset() <= batch.lastOffset()) {
                skipped.add(aborted.remove().producerId());
            }
            take(partition, batch, skipped);
        }
        long position = requireNonNull(positions.get(partition));
        machine.trace().event("committed", partition.toString(), position,
                data.lastStableOffset());
        if (position == data.highWatermark() && data.lastStableOffset() == position) {
            atEnd.add(partition);
        } else {
            atEnd.remove(partition);
        }
    }

    private void take(PartitionModel partition, RecordBatch batch, Set<Long> skipped) {
        long from = requireNonNull(positions.get(partition));
        if (batch.lastOffset() < from) {
            return;
        }
        if (batch.isControlBatch()) {
            if (ControlRecordType.parse(
                    batch.iterator().next().key()) == ControlRecordType.ABORT) {
                skipped.remove(batch.producerId());
            }
        } else if (!batch.isTransactional() || !skipped.contains(batch.producerId())) {
            for (Record record : batch) {
                if (record.offset() >= from) {
                    see(partition, record);
                }
            }
        }
        positions.put(partition, batch.nextOffset());
    }

    private void see(PartitionModel partition, Record record) {
        byte[] key = new byte[record.keySize()];
        record.key().get(key);
        long id = Long.parseLong(new String(key, StandardCharsets.US_ASCII));
        Long before = requireNonNull(read.get(partition)).put(id, record.offset());
        if (before != null) {
            throw new Violation("a record of a transaction is stored once",
                    partition + ": " + id + " is at " + before + " and " + record.offset());
        }
        transactions.seen(partition, id);
    }
}
