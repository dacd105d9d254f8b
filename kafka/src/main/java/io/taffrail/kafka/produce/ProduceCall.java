package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.Partition;
import io.taffrail.kafka.api.ErrorCodes;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One produce request in flight. Its batches go to the owners of their logs, one task for each
 * owner. The reply completes when every batch is durable or refused.
 */
final class ProduceCall {

    private static final Logger LOG = LoggerFactory.getLogger(ProduceCall.class);

    private static final long INVALID_OFFSET = -1;

    /** An accepted batch and the response that receives its result. */
    private record Item(Partition partition, ByteBuffer batch, long logAppendTimeMs,
            PartitionProduceResponse response) {}

    /** The batches for one other owner. */
    private record Share(Owner owner, List<Item> items) {}

    private final short acks;
    private final Runnable taken;
    private final Consumer<Partition> logFailed;
    private final TransactionGate gate;
    private final ProduceResponseData response = new ProduceResponseData();
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    /** Number of batches that are not durable, plus one until {@link #send} has run. */
    private final AtomicInteger pending = new AtomicInteger(1);
    /** Number of owners that have not appended, plus one until {@link #send} has run. */
    private final AtomicInteger untaken = new AtomicInteger(1);
    private final List<Share> shares = new ArrayList<>(0);

    /**
     * Starts a call.
     *
     * @param taken
     *            run when every batch has been appended or refused
     * @param logFailed
     *            called with each partition whose log has failed
     * @param gate
     *            checks the batches of transactions, on the owners' threads
     */
    ProduceCall(short acks, Runnable taken, Consumer<Partition> logFailed,
            TransactionGate gate) {
        this.gate = gate;
        this.acks = acks;
        this.taken = taken;
        this.logFailed = logFailed;
    }

    void topic(TopicProduceResponse topic) {
        response.responses().add(topic);
    }

    /** Appends now if this thread owns the log; otherwise keeps the batch for {@link #send}. */
    void append(Partition partition, Prepared.Accepted batch, PartitionProduceResponse result) {
        pending.incrementAndGet();
        Item item = new Item(partition, batch.batch(), batch.logAppendTimeMs(), result);
        if (partition.owner().isCurrent()) {
            append(item);
            return;
        }
        for (Share share : shares) {
            if (share.owner().equals(partition.owner())) {
                share.items().add(item);
                return;
            }
        }
        List<Item> items = new ArrayList<>();
        items.add(item);
        shares.add(new Share(partition.owner(), items));
    }

    /** Hands the remaining batches to their owners. */
    CompletableFuture<Reply> send() {
        untaken.addAndGet(shares.size());
        for (Share share : shares) {
            Guard.run(() -> share.owner().execute(() -> {
                share.items().forEach(this::append);
                took();
            }), failure -> {
                share.items().forEach(item -> failed(item, failure));
                took();
            });
        }
        took();
        settled();
        return reply;
    }

    /** The reply; after {@link #send} it completes when every batch is durable or refused. */
    CompletableFuture<Reply> reply() {
        return reply;
    }

    private void append(Item item) {
        Partition partition = item.partition();
        Errors closed = gate.check(item.batch(), partition.topic(), partition.index());
        if (closed != Errors.NONE) {
            fail(item.response(), closed, "not part of an ongoing transaction");
            settled();
            return;
        }
        AppendResult result;
        try {
            result = item.partition().log().append(item.batch());
        } catch (Throwable e) {
            FailStop.check(e);
            failed(item, e);
            return;
        }
        switch (result) {
            case AppendResult.Stored stored -> {
                stored(item, stored.baseOffset());
                settleWith(item.response(), stored.durable());
            }
            case AppendResult.Duplicate duplicate -> {
                stored(item, duplicate.baseOffset());
                settleWith(item.response(), duplicate.durable());
            }
            case AppendResult.Refused refused -> {
                if (refused.reason() == Refusal.STORAGE_FAILED) {
                    Guard.run("KAF-007", "the reopening of " + item.partition(),
                            () -> logFailed.accept(item.partition()));
                }
                fail(item.response(), ErrorCodes.of(refused.reason()), refused.detail());
                settled();
            }
        }
    }

    private void failed(Item item, Throwable failure) {
        LOG.error("KAF-006 an append to {} failed", item.partition(), failure);
        fail(item.response(), Errors.KAFKA_STORAGE_ERROR, "not known to be stored");
        settled();
    }

    private static void stored(Item item, long baseOffset) {
        item.response().setBaseOffset(baseOffset).setLogAppendTimeMs(item.logAppendTimeMs())
                .setLogStartOffset(item.partition().log().startOffset());
    }

    /** The batch itself is not kept until then. */
    private void settleWith(PartitionProduceResponse result, CompletableFuture<Void> durable) {
        var _ = durable.whenComplete((_, failure) -> {
            if (failure != null) {
                fail(result, Errors.KAFKA_STORAGE_ERROR, failure.getMessage());
            }
            settled();
        });
    }

    static void fail(PartitionProduceResponse response, Errors error,
            @Nullable String message) {
        response.setErrorCode(error.code()).setBaseOffset(INVALID_OFFSET)
                .setLogAppendTimeMs(-1).setLogStartOffset(INVALID_OFFSET)
                .setErrorMessage(message);
    }

    private void took() {
        if (untaken.decrementAndGet() == 0) {
            taken.run();
        }
    }

    private void settled() {
        if (pending.decrementAndGet() == 0) {
            reply.complete(acks == 0 ? silent() : new Reply.Body(response));
        }
    }

    /** Reply for acks=0: an error can only be reported by closing the connection. */
    private Reply silent() {
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse partition : topic.partitionResponses()) {
                if (partition.errorCode() != Errors.NONE.code()) {
                    return new Reply.Close("a produce request with acks=0 failed for "
                            + topic.name() + "-" + partition.index() + ": "
                            + Errors.forCode(partition.errorCode()));
                }
            }
        }
        return new Reply.Nothing();
    }
}
