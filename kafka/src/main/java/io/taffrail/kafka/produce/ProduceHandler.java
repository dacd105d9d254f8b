package io.taffrail.kafka.produce;

import static org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import io.taffrail.log.guard.Guard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Produce: each batch is checked on the connection's event loop and appended on its log's owner. It
 * is acknowledged when it has reached the log's durability, for acks=1 as for acks=all. Batches
 * that take long to check are checked on a worker thread; later requests of the connection wait for
 * them, which keeps the order.
 *
 * @param aside
 *            runs checks that take long
 * @param conversions
 *            the heap for batches that are compressed anew
 */
public record ProduceHandler(Topics topics, InstantSource clock, Inflation inflation,
        Aside aside, ProduceTransactions transactions, Conversions conversions)
        implements
            PipelinedHandler<ProduceRequestData> {

    private static final int TOPIC_IDS_FROM_VERSION = 13;
    /** Client id that may write to internal topics, as in Kafka; its admin client uses it. */
    private static final String ADMIN_CLIENT = "__admin_client";

    @Override
    public ApiKeys key() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<Reply> handle(Request<ProduceRequestData> request, Course course) {
        ProduceChecks checks = new ProduceChecks(
                new BatchIntake(inflation, request.version(), clock.millis(),
                        request.body().transactionalId() != null),
                conversions);
        try {
            return begin(request, checks, course);
        } catch (Throwable e) {
            checks.release();
            throw e;
        }
    }

    private CompletionStage<Reply> begin(Request<ProduceRequestData> request,
            ProduceChecks checks, Course course) {
        ProduceRequestData body = request.body();
        ProduceCall call = new ProduceCall(body.acks(), () -> {
            checks.release();
            course.taken();
        }, topics::reopen, transactions.gate());
        boolean acksKnown = body.acks() >= -1 && body.acks() <= 1;
        for (TopicProduceData data : body.topicData()) {
            List<PartitionProduceResponse> results = new ArrayList<>(data.partitionData().size());
            Optional<Topic> topic = find(data, request.version());
            for (PartitionProduceData partition : data.partitionData()) {
                PartitionProduceResponse result = new PartitionProduceResponse()
                        .setIndex(partition.index());
                results.add(result);
                if (acksKnown) {
                    find(checks, request, topic, partition, result);
                } else {
                    ProduceCall.fail(result, Errors.INVALID_REQUIRED_ACKS, null);
                }
            }
            call.topic(new TopicProduceResponse().setName(data.name()).setTopicId(data.topicId())
                    .setPartitionResponses(results));
        }
        boolean checked = checks.onLoop();
        if (checked && !joins(request, checks)) {
            checks.append(call);
            return call.send();
        }
        Runnable last = () -> joined(request, checks, () -> course.resume(() -> {
            checks.append(call);
            var _ = call.send();
        }));
        if (checked) {
            last.run();
        } else {
            rest(request.context().connectionId(), checks, last);
        }
        course.hold();
        return call.reply();
    }

    private boolean joins(Request<ProduceRequestData> request, ProduceChecks checks) {
        return ProduceTransactions.joins(request.version())
                && request.body().transactionalId() != null
                && checks.joining(transactions.gate()).isPresent();
    }

    /** Adds the partitions of the batches to their transaction if necessary, then goes on. */
    private void joined(Request<ProduceRequestData> request, ProduceChecks checks,
            Runnable next) {
        if (!joins(request, checks)) {
            next.run();
            return;
        }
        ProduceChecks.Joining joining = checks.joining(transactions.gate()).orElseThrow();
        var _ = transactions.join(request.body().transactionalId(), joining)
                .handle((error, failure) -> failure == null ? error : Errors.UNKNOWN_SERVER_ERROR)
                .thenAccept(error -> {
                    if (error != Errors.NONE) {
                        checks.refuse(joining, error);
                    }
                    next.run();
                });
    }

    /**
     * Checks and converts one batch after another; tasks of other clients may run between them. A
     * conversion begins when its heap is charged.
     */
    private void rest(String client, ProduceChecks checks, Runnable last) {
        Runnable step = () -> unlessStopping(() -> aside.execute(client, checks.nextBytes(), () -> {
            if (checks.next()) {
                rest(client, checks, last);
            } else {
                last.run();
            }
        }), checks, last);
        unlessStopping(() -> {
            if (checks.charge(step)) {
                step.run();
            }
        }, checks, last);
    }

    /** Runs a step; if that fails, as when the broker is stopping, no more checks are run. */
    private static void unlessStopping(Runnable step, ProduceChecks checks, Runnable last) {
        Guard.run(step, _ -> {
            checks.refuseRest();
            last.run();
        });
    }

    private Optional<Topic> find(TopicProduceData data, short version) {
        return version >= TOPIC_IDS_FROM_VERSION
                ? topics.find(TopicIds.fromKafka(data.topicId()))
                : topics.find(data.name());
    }

    /**
     * Only the coordinator writes the state of transactions: a foreign record may be a decision.
     */
    private static boolean mayWrite(Request<ProduceRequestData> request, Topic internal) {
        return ADMIN_CLIENT.equals(request.context().clientId())
                && !internal.name().equals(TRANSACTION_STATE_TOPIC_NAME);
    }

    private static void find(ProduceChecks checks, Request<ProduceRequestData> request,
            Optional<Topic> topic, PartitionProduceData input, PartitionProduceResponse result) {
        Optional<Partition> partition = topic.flatMap(t -> t.partition(input.index()));
        if (topic.isEmpty() || partition.isEmpty()) {
            boolean unknownId = topic.isEmpty() && request.version() >= TOPIC_IDS_FROM_VERSION;
            ProduceCall.fail(result, unknownId
                    ? Errors.UNKNOWN_TOPIC_ID
                    : Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
        } else if (topic.get().internal() && !mayWrite(request, topic.get())) {
            ProduceCall.fail(result, Errors.INVALID_TOPIC_EXCEPTION,
                    "Cannot append to internal topic " + topic.get().name());
        } else {
            checks.add(partition.get(), topic.get().config().intake(), input, result);
        }
    }
}
