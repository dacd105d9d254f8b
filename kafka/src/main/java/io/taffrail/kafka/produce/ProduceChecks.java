package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.IntakeRules;
import io.taffrail.broker.topic.Partition;
import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.log.batch.BatchCompressor;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.guard.Guard;
import io.taffrail.net.MemoryShare;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks of the batches of one produce request. All batches are checked before the first is
 * appended, on the connection's event loop or, if that would take long, on a worker thread. If a
 * check fails unexpectedly, only that batch is refused.
 */
final class ProduceChecks {

    private static final Logger LOG = LoggerFactory.getLogger(ProduceChecks.class);
    /** Most bytes of records in a request that is checked on an event loop. */
    private static final int LOOP_BYTES = 8 << 20;

    /** Bytes of records, decompressed, that one step converts. */
    private static final int CONVERTED_AT_ONCE_BYTES = 1 << 20;
    /** Cost of compressing a byte, in bytes that are read or decompressed. */
    private static final long CONVERSION_FACTOR = 4;

    /** One batch for an existing partition. */
    private static final class Item {
        final Partition partition;
        final IntakeRules intake;
        final PartitionProduceData input;
        final PartitionProduceResponse result;
        @Nullable
        Prepared prepared;

        Item(Partition partition, IntakeRules intake, PartitionProduceData input,
                PartitionProduceResponse result) {
            this.partition = partition;
            this.intake = intake;
            this.input = input;
            this.result = result;
        }
    }

    private final BatchIntake batches;
    private final Conversions conversions;
    /** The heap that converted batches take; null until one is to be converted. */
    private @Nullable MemoryShare heap;
    /** The conversion that has begun, of the first batch that is not done; its heap is charged. */
    private @Nullable BatchCompressor compressor;
    private final List<Item> items = new ArrayList<>();
    private long bytes;
    /** Index before which no batch needs a further check. */
    private int done;

    ProduceChecks(BatchIntake batches, Conversions conversions) {
        this.batches = batches;
        this.conversions = conversions;
    }

    void add(Partition partition, IntakeRules intake, PartitionProduceData input,
            PartitionProduceResponse result) {
        items.add(new Item(partition, intake, input, result));
        bytes += input.records() == null ? 0 : input.records().sizeInBytes();
    }

    /** Runs the checks that an event loop can run; returns true if these are all. */
    boolean onLoop() {
        if (bytes > LOOP_BYTES) {
            return false;
        }
        boolean all = true;
        for (Item item : items) {
            if (all) {
                guarded(item, () -> item.prepared = onLoop(item));
                all = isDone(item);
            }
        }
        return all;
    }

    private Prepared onLoop(Item item) {
        Prepared prepared = batches.prepareOnLoop(item.input.records(), item.intake);
        return prepared instanceof Prepared.Unconverted unconverted
                && unconverted.valid().recordBytes() <= BatchIntake.RECOMPRESSED_ON_LOOP_BYTES
                && heap().tryCharge(unconverted.heapBytes())
                        ? converted(item, unconverted, BatchIntake.RECOMPRESSED_ON_LOOP_BYTES)
                        : prepared;
    }

    private MemoryShare heap() {
        MemoryShare open = heap;
        if (open == null) {
            open = conversions.open();
            heap = open;
        }
        return open;
    }

    /**
     * Converts a part of a batch whose heap is charged; returns its result, or
     * {@code unconverted} if more remains. Releases the part of the heap that is not kept.
     */
    private Prepared converted(Item item, Prepared.Unconverted unconverted, int bytes) {
        long kept = 0;
        try {
            BatchCompressor running = compressor;
            if (running == null) {
                running = BatchIntake.convert(item.input.records(), item.intake, unconverted);
                compressor = running;
            }
            if (running.step(bytes)) {
                kept = unconverted.heapBytes();
                return unconverted;
            }
            Prepared prepared = batches.converted(running.finish(), item.intake, unconverted);
            if (prepared instanceof Prepared.Accepted(ByteBuffer batch, _)) {
                kept = Math.min(batch.capacity(), unconverted.heapBytes());
            }
            stopConverting();
            return prepared;
        } catch (Throwable e) {
            stopConverting();
            throw e;
        } finally {
            heap().release(unconverted.heapBytes() - kept);
        }
    }

    private void stopConverting() {
        BatchCompressor running = compressor;
        compressor = null;
        if (running != null) {
            running.close();
        }
    }

    /**
     * Charges the heap that the next step takes, if it takes any. Returns false if there is no room
     * now; {@code granted} then runs once, on any thread, when it is charged.
     */
    boolean charge(Runnable granted) {
        if (compressor != null) {
            return true;
        }
        int at = firstLeft(done);
        while (at < items.size()
                && items.get(at).prepared instanceof Prepared.Unconverted unconverted) {
            if (heap().heldBytes() + unconverted.heapBytes() <= conversions.largestBytes()) {
                return heap().charge(unconverted.heapBytes(), granted);
            }
            items.get(at).prepared = BatchIntake.tooLargeToConvert(unconverted);
            at = firstLeft(at);
        }
        return true;
    }

    /** Releases the heap of the converted batches; on any thread. */
    void release() {
        MemoryShare open = heap;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Checks or converts one remaining batch on a worker thread, after {@link #charge}; returns
     * true if more remains to be done.
     */
    boolean next() {
        int at = firstLeft(done);
        if (at < items.size()) {
            Item item = items.get(at);
            guarded(item, () -> item.prepared = item.prepared instanceof Prepared.Unconverted it
                    ? converted(item, it, CONVERTED_AT_ONCE_BYTES)
                    : batches.prepare(item.input.records(), item.intake));
        }
        done = at;
        return firstLeft(done) < items.size();
    }

    /** Maximum number of bytes that {@link #next} reads or decompresses. */
    long nextBytes() {
        int at = firstLeft(done);
        if (at == items.size()) {
            return 0;
        }
        Item item = items.get(at);
        return switch (item.prepared) {
            case Prepared.Later(long mostBytes) -> mostBytes;
            case Prepared.Unconverted unconverted -> CONVERSION_FACTOR
                    * Math.min(CONVERTED_AT_ONCE_BYTES, unconverted.valid().recordBytes());
            case null, default -> batches.mostBytes(item.input.records(), item.intake);
        };
    }

    /** Refuses the remaining batches because the broker is stopping. */
    void refuseRest() {
        stopConverting();
        for (int at = firstLeft(done); at < items.size(); at = firstLeft(at + 1)) {
            items.get(at).prepared = new Prepared.Rejected(Errors.NOT_LEADER_OR_FOLLOWER, null);
        }
    }

    /** Partitions to be added to the transaction of a producer. */
    record Joining(long producerId, short epoch, Set<TopicPartition> partitions) {}

    /**
     * The partitions of accepted batches that are not part of their producer's transaction; those
     * of one producer, as a request has only one. Empty if there are none.
     */
    Optional<Joining> joining(TransactionGate gate) {
        Joining joining = null;
        for (Item item : items) {
            if (item.prepared instanceof Prepared.Accepted accepted) {
                ByteBuffer batch = accepted.batch();
                int at = batch.position();
                Partition partition = item.partition;
                if (BatchHeader.isTransactional(batch, at) && gate.check(batch, partition.topic(),
                        partition.index()) == Errors.INVALID_TXN_STATE) {
                    if (joining == null) {
                        joining = new Joining(BatchHeader.producerId(batch, at),
                                BatchHeader.producerEpoch(batch, at), new HashSet<>());
                    }
                    joining.partitions()
                            .add(new TopicPartition(partition.topic(), partition.index()));
                }
            }
        }
        return Optional.ofNullable(joining);
    }

    /** Refuses the batches of partitions that could not be added to the transaction. */
    void refuse(Joining joining, Errors error) {
        for (Item item : items) {
            if (item.prepared instanceof Prepared.Accepted
                    && joining.partitions().contains(new TopicPartition(item.partition.topic(),
                            item.partition.index()))) {
                item.prepared = new Prepared.Rejected(error,
                        "the partition could not be added to the transaction");
            }
        }
    }

    private int firstLeft(int from) {
        int at = from;
        while (at < items.size() && isDone(items.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDone(Item item) {
        return item.prepared instanceof Prepared.Accepted
                || item.prepared instanceof Prepared.Rejected;
    }

    private static void guarded(Item item, Runnable check) {
        Guard.run(check, cause -> {
            LOG.error("KAF-005 a batch for {} could not be checked", item.partition, cause);
            item.prepared = new Prepared.Rejected(Errors.UNKNOWN_SERVER_ERROR, null);
        });
    }

    /**
     * Appends the accepted batches in order and refuses the others; on the connection's event loop.
     */
    void append(ProduceCall call) {
        for (Item item : items) {
            switch (item.prepared) {
                case Prepared.Accepted accepted ->
                    call.append(item.partition, accepted, item.result);
                case Prepared.Rejected rejected -> {
                    ProduceCall.fail(item.result, rejected.error(), rejected.message());
                    item.result.setRecordErrors(rejected.records());
                }
                case Prepared.Later _ -> throw new IllegalStateException("not checked");
                case Prepared.Unconverted _ -> throw new IllegalStateException("not converted");
                case null -> throw new IllegalStateException("not checked");
            }
        }
    }
}
