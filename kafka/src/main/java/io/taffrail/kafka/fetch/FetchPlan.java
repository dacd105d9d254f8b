package io.taffrail.kafka.fetch;

import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/** Plan of a fetch request, made from the request and its session (KIP-227). */
sealed interface FetchPlan {

    /**
     * Session error: unknown id, wrong epoch, topic ids mixed with names, or too many partitions.
     */
    record Refused(Errors error) implements FetchPlan {}

    /** A fetch without a session: the response has all partitions. */
    record Sessionless(List<FetchTarget> targets) implements FetchPlan {}

    /** The response has all partitions, and a session begins if there is room for it. */
    record Full(List<FetchTarget> targets, boolean byTopicId) implements FetchPlan {}

    /** The response has only the partitions that have changed. */
    record Incremental(FetchSession session) implements FetchPlan {}

    /** Makes the plan and applies the request's changes to its session. */
    static FetchPlan of(Request<FetchRequestData> request, FetchSessions sessions,
            InstantSource clock) {
        FetchRequestData body = request.body();
        boolean byTopicId = request.version() >= 13;
        List<FetchTarget> targets = targets(body, byTopicId);
        int epoch = body.sessionEpoch();
        if (epoch == FetchMetadata.INITIAL_EPOCH || epoch == FetchMetadata.FINAL_EPOCH) {
            if (body.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
                sessions.remove(body.sessionId());
            }
            return epoch == FetchMetadata.FINAL_EPOCH
                    ? new Sessionless(targets)
                    : new Full(targets, byTopicId);
        }
        Optional<FetchSession> session = sessions.find(body.sessionId());
        if (session.isEmpty()) {
            return new Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.get().byTopicId() != byTopicId) {
            return new Refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (!sessions.hasRoomFor(targets.size())) {
            sessions.remove(body.sessionId());
            return new Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (!session.get().update(epoch, targets, forgotten(body, byTopicId), clock.millis())) {
            return new Refused(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.get().targets().isEmpty()) {
            sessions.remove(body.sessionId());
            return new Sessionless(List.of());
        }
        return new Incremental(session.get());
    }

    /** Partitions of the request. If one is named twice, the last entry counts, as in Kafka. */
    private static List<FetchTarget> targets(FetchRequestData body, boolean byTopicId) {
        Map<FetchTarget.Key, FetchTarget> targets = new LinkedHashMap<>();
        for (FetchTopic topic : body.topics()) {
            topic.partitions().forEach(partition -> {
                FetchTarget target = FetchTarget.of(byTopicId ? "" : topic.topic(),
                        byTopicId ? topic.topicId() : Uuid.ZERO_UUID, partition);
                targets.put(target.key(), target);
            });
        }
        return List.copyOf(targets.values());
    }

    private static List<FetchTarget.Key> forgotten(FetchRequestData body, boolean byTopicId) {
        List<FetchTarget.Key> keys = new ArrayList<>();
        for (ForgottenTopic topic : body.forgottenTopicsData()) {
            topic.partitions().forEach(partition -> keys.add(
                    new FetchTarget.Key(byTopicId ? "" : topic.topic(),
                            byTopicId ? topic.topicId() : Uuid.ZERO_UUID, partition)));
        }
        return keys;
    }
}
