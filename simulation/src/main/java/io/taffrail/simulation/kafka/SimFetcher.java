package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** A consumer that reads partitions from their start in a fetch session (KIP-227). */
final class SimFetcher {

    private static final int FETCH = 17;

    /** The start of a fetch, and the least end of the log at that time. */
    private record Asked(long from, long end) {
        static final Asked NOTHING = new Asked(0, 0);
    }

    private final HeadHistory history;
    private final HeadMachine machine;
    private final Dice dice;
    private final Map<PartitionModel, Long> positions = new LinkedHashMap<>();
    private final Map<PartitionModel, Long> told = new LinkedHashMap<>();
    private final Map<PartitionModel, NavigableMap<Long, Long>> read = new LinkedHashMap<>();
    private final Map<PartitionModel, Long> ends = new LinkedHashMap<>();
    private @Nullable KafkaLink link;
    private int session;
    private int epoch;
    private boolean asking;

    SimFetcher(HeadHistory history, HeadMachine machine, Dice dice) {
        this.history = history;
        this.machine = machine;
        this.dice = dice;
        for (PartitionModel partition : history.partitions()) {
            positions.put(partition, 0L);
            read.put(partition, new TreeMap<>());
        }
    }

    /** All records read from a partition, by offset. */
    NavigableMap<Long, Long> read(PartitionModel partition) {
        return read.getOrDefault(partition, new TreeMap<>());
    }

    /** True if everything up to the reported end has been read. */
    boolean isAtEnd() {
        return !asking && positions.entrySet().stream()
                .allMatch(it -> it.getValue().equals(ends.get(it.getKey())));
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    /** Restarts one partition from its beginning. */
    void seek() {
        if (!asking) {
            PartitionModel partition = dice.pick(history.partitions());
            positions.put(partition, 0L);
            read(partition).clear();
        }
    }

    void fetch() {
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine);
            link = open;
            asking = false;
            session = 0;
            epoch = 0;
        }
        if (asking) {
            return;
        }
        asking = true;
        boolean sessionless = session == 0 && dice.oneIn(4);
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(dice.pick(List.of(0, 5, 50))).setMinBytes(dice.pick(List.of(1, 300)))
                .setMaxBytes(dice.pick(List.of(100, 2_000, 1 << 20)))
                .setSessionId(session).setSessionEpoch(sessionless ? -1 : epoch);
        Map<PartitionModel, Asked> from = new LinkedHashMap<>();
        positions.forEach((partition, position) -> from.put(partition,
                new Asked(position, partition.endAtLeast())));
        request.setTopics(wanted());
        open.send(ApiKeys.FETCH, FETCH, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                asking = false;
                answered((FetchResponseData) body, from, sessionless);
            }

            @Override
            public void lost() {
                asking = false;
            }
        });
    }

    /** All partitions in a new session; later only those whose position has changed. */
    private List<FetchTopic> wanted() {
        Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
        positions.forEach((partition, position) -> {
            if (session != 0 && position.equals(told.get(partition))) {
                return;
            }
            told.put(partition, position);
            topics.computeIfAbsent(partition.topicId(), id -> new FetchTopic().setTopicId(id)
                    .setPartitions(new ArrayList<>())).partitions()
                    .add(new FetchPartition().setPartition(partition.index())
                            .setFetchOffset(position)
                            .setPartitionMaxBytes(dice.pick(List.of(200, 1 << 20))));
        });
        return List.copyOf(topics.values());
    }

    private void answered(FetchResponseData answer, Map<PartitionModel, Asked> from,
            boolean sessionless) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.FETCH_SESSION_ID_NOT_FOUND
                || error == Errors.INVALID_FETCH_SESSION_EPOCH) {
            session = 0;
            epoch = 0;
            return;
        }
        if (error != Errors.NONE) {
            history.requireCause(machine, "fetch", error);
        }
        if (!sessionless) {
            session = answer.sessionId();
            epoch = session == 0 ? 0 : epoch + 1;
        }
        for (FetchableTopicResponse topic : answer.responses()) {
            for (PartitionData data : topic.partitions()) {
                positions.keySet().stream()
                        .filter(it -> it.topicId().equals(topic.topicId())
                                && it.index() == data.partitionIndex())
                        .findFirst()
                        .ifPresent(it -> take(it, from.getOrDefault(it, Asked.NOTHING), data));
            }
        }
    }

    private void take(PartitionModel partition, Asked asked, PartitionData data) {
        long from = asked.from;
        Errors error = Errors.forCode(data.errorCode());
        if (error != Errors.NONE) {
            history.requireCause(machine, "fetch of " + partition + " at " + from, error);
            return;
        }
        partition.endsAt(data.highWatermark(), asked.end);
        ends.put(partition, data.highWatermark());
        long next = from;
        MemoryRecords records = (MemoryRecords) data.records();
        for (RecordBatch batch : records.batches()) {
            if (!batch.isValid() && batch.sizeInBytes() <= records.sizeInBytes()) {
                throw new Violation("what is fetched is whole", partition + " at " + next);
            }
            for (Record record : batch) {
                if (record.offset() < from) {
                    continue;
                }
                if (record.offset() != next) {
                    throw new Violation("a fetch has no gap", "%s: %d came, should be %d"
                            .formatted(partition, record.offset(), next));
                }
                if (record.offset() >= data.highWatermark()) {
                    throw new Violation("a fetch returns only what is durable",
                            partition + " at " + record.offset());
                }
                long id = id(record);
                partition.record(next, id);
                read(partition).put(next, id);
                next++;
            }
        }
        machine.trace().event("fetched", partition.toString(), from, next);
        positions.put(partition, next);
    }

    private static long id(Record record) {
        byte[] key = new byte[record.keySize()];
        record.key().get(key);
        return Long.parseLong(new String(key, StandardCharsets.US_ASCII));
    }
}
