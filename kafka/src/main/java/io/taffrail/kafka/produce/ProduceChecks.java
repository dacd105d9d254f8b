package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.Intake;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.guard.Guard;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches of one produce request on their way to be appended. All of them are checked before
 * the
 * first is appended, on the connection's loop or, where that would take long, elsewhere. A batch
 * whose check fails with something unexpected is refused alone.
 */
final class ProduceChecks {

    private static final Logger LOG = LoggerFactory.getLogger(ProduceChecks.class);
    /** A request with more records than this is not checked on an event loop. */
    private static final int LOOP_BYTES = 8 << 20;

    /** One batch of a partition that is there. */
    private static final class Item {
        final Partition partition;
        final Intake intake;
        final PartitionProduceData input;
        final PartitionProduceResponse result;
        @Nullable
        Prepared prepared;

        Item(Partition partition, Intake intake, PartitionProduceData input,
                PartitionProduceResponse result) {
            this.partition = partition;
            this.intake = intake;
            this.input = input;
            this.result = result;
        }
    }

    private final BatchIntake batches;
    private final List<Item> items = new ArrayList<>();
    private long bytes;
    /** Those before need no further check. */
    private int done;

    ProduceChecks(BatchIntake batches) {
        this.batches = batches;
    }

    void add(Partition partition, Intake intake, PartitionProduceData input,
            PartitionProduceResponse result) {
        items.add(new Item(partition, intake, input, result));
        bytes += input.records() == null ? 0 : input.records().sizeInBytes();
    }

    /** Checks what can be checked on an event loop; whether that is all. */
    boolean onLoop() {
        if (bytes > LOOP_BYTES) {
            return false;
        }
        boolean all = true;
        for (Item item : items) {
            if (all) {
                guarded(item, () -> item.prepared = batches.prepareOnLoop(item.input.records(),
                        item.intake));
                all = !(item.prepared instanceof Prepared.Later);
            }
        }
        return all;
    }

    /** Checks one of the rest, on a thread that may be kept for long; whether there are more. */
    boolean next() {
        int at = firstLeft(done);
        if (at < items.size()) {
            Item item = items.get(at);
            guarded(item,
                    () -> item.prepared = batches.prepare(item.input.records(), item.intake));
        }
        done = at + 1;
        return firstLeft(done) < items.size();
    }

    /** Most bytes that {@link #next} decompresses, or reads. */
    long nextBytes() {
        int at = firstLeft(done);
        if (at == items.size()) {
            return 0;
        }
        Item item = items.get(at);
        return item.prepared instanceof Prepared.Later(long mostBytes)
                ? mostBytes
                : batches.mostBytes(item.input.records(), item.intake);
    }

    /** Refuses those that are left: the broker is stopping. */
    void refuseRest() {
        for (int at = firstLeft(done); at < items.size(); at = firstLeft(at + 1)) {
            items.get(at).prepared = new Prepared.Rejected(Errors.NOT_LEADER_OR_FOLLOWER, null);
        }
    }

    private int firstLeft(int from) {
        int at = from;
        while (at < items.size() && items.get(at).prepared != null
                && !(items.get(at).prepared instanceof Prepared.Later)) {
            at++;
        }
        return at;
    }

    private static void guarded(Item item, Runnable check) {
        Guard.run(check, cause -> {
            LOG.error("KAF-005 a batch for {} could not be checked", item.partition, cause);
            item.prepared = new Prepared.Rejected(Errors.UNKNOWN_SERVER_ERROR, null);
        });
    }

    /** Appends the good ones, in order, and refuses the others; on the connection's loop. */
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
                case null -> throw new IllegalStateException("not checked");
            }
        }
    }
}
