package io.taffrail.kafka.transactions;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.ErrorCodes;
import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.guard.Guard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of the control batches that end transactions. Those of {@code __consumer_offsets} are
 * written by the group coordinator, which applies or drops the offsets. A marker that is written
 * again changes nothing. Safe for any thread.
 */
final class Markers {

    private static final Logger LOG = LoggerFactory.getLogger(Markers.class);

    private final Topics topics;
    private final Groups groups;
    private final InstantSource clock;

    Markers(Topics topics, Groups groups, InstantSource clock) {
        this.topics = topics;
        this.groups = groups;
        this.clock = clock;
    }

    /** The result of one marker. */
    private record Written(TopicPart partition, Errors error) {}

    /**
     * Writes a marker to each partition. Completes when all are durable or refused, with the
     * partitions to which the marker must be written again.
     */
    CompletableFuture<List<TopicPart>> write(Marker marker, Collection<TopicPart> partitions) {
        return FewAtOnce.of(List.copyOf(partitions),
                partition -> write(marker, partition)
                        .thenApply(error -> new Written(partition, error)))
                .thenApply(all -> all.stream().filter(each -> !isFinal(each, marker))
                        .map(Written::partition).toList());
    }

    /** Whether nothing more can or need be done for the partition. */
    private static boolean isFinal(Written written, Marker marker) {
        return switch (written.error()) {
            case NONE, UNKNOWN_TOPIC_OR_PARTITION -> true;
            case INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED, INVALID_RECORD -> {
                LOG.warn("KAF-021 {} refuses the end of a transaction of producer {} epoch {}: {}",
                        written.partition(), marker.producerId(), marker.epoch(), written.error());
                yield true;
            }
            default -> false;
        };
    }

    /** Writes a marker to one partition; completes when it is durable, and never fails. */
    CompletionStage<Errors> write(Marker marker, TopicPart to) {
        Optional<Partition> found = topics.find(to.topic())
                .flatMap(topic -> topic.partition(to.index()));
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (to.topic().equals(Groups.OFFSETS_TOPIC)) {
            return groups.endTransaction(to.index(), marker.producerId(), marker.epoch(),
                    marker.coordinatorEpoch(), marker.commit());
        }
        Partition partition = found.get();
        CompletableFuture<Errors> result = new CompletableFuture<>();
        try {
            partition.owner().execute(() -> Guard.run(() -> append(marker, partition, result),
                    failure -> {
                        LOG.error("KAF-022 the end of a transaction could not be written to {}",
                                partition, failure);
                        result.complete(Errors.KAFKA_STORAGE_ERROR);
                    }));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has no owner any more", partition, e);
            result.complete(Errors.NOT_LEADER_OR_FOLLOWER);
        }
        return result;
    }

    /** On the owner's thread. */
    private void append(Marker marker, Partition partition, CompletableFuture<Errors> result) {
        switch (partition.log().append(BatchBuilder.endMarker(marker.producerId(), marker.epoch(),
                marker.commit(), marker.coordinatorEpoch(), clock.millis()))) {
            case AppendResult.Stored stored -> complete(stored.durable(), result);
            case AppendResult.Duplicate duplicate -> complete(duplicate.durable(), result);
            case AppendResult.Refused refused -> {
                if (refused.reason() == Refusal.STORAGE_FAILED) {
                    topics.reopen(partition);
                }
                result.complete(ErrorCodes.of(refused.reason()));
            }
        }
    }

    private static void complete(CompletableFuture<Void> durable,
            CompletableFuture<Errors> result) {
        var _ = durable.whenComplete((_, failure) -> result
                .complete(failure == null ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR));
    }

    /** The partitions that do not exist, or cannot be part of a transaction. */
    List<TopicPart> missing(Collection<TopicPart> partitions) {
        List<TopicPart> missing = new ArrayList<>();
        for (TopicPart part : partitions) {
            if (topics.find(part.topic()).flatMap(topic -> topic.partition(part.index()))
                    .isEmpty()) {
                missing.add(part);
            }
        }
        return missing;
    }
}
