package io.taffrail.kafka.cluster;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.ErrorCodes;
import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.InternalTopics;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Metadata: topics, their partitions, and this node. A missing topic is created if the client and
 * {@code auto.create.topics.enable} allow it, and is then part of the same response.
 */
public record MetadataHandler(Broker broker, Function<RequestContext, Node> self)
        implements
            Handler<MetadataRequestData> {

    /** Most partitions in a response that is created on an event loop. */
    private static final int ON_LOOP_PARTITIONS = 2000;
    /** Most topics that one request creates. */
    static final int CREATED_AT_ONCE = 1000;

    @Override
    public ApiKeys key() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<MetadataResponseData> handle(Request<MetadataRequestData> request) {
        MetadataRequestData body = request.body();
        if (all(request)) {
            return CompletableFuture.completedFuture(everything(request));
        }
        boolean create = broker.config().autoCreateTopics()
                && (request.version() < 4 || body.allowAutoTopicCreation());
        List<Wanted> topics = once(body.topics());
        Set<Wanted> created = create ? toCreate(topics) : Set.of();
        MetadataResponseData response = response(request, topics.stream()
                .filter(wanted -> !created.contains(wanted))
                .map(wanted -> present(wanted, body).orElseGet(() -> missing(wanted))));
        // Only creations run on the thread that creates topics: other clients wait for it.
        return FewAtOnce.of(List.copyOf(created), wanted -> create(wanted, body))
                .thenApply(answers -> {
                    response.topics().addAll(answers);
                    return response;
                });
    }

    /**
     * A requested topic. Comparable, so that hash sets stay fast if clients choose equal hashes.
     */
    private record Wanted(Uuid id, @Nullable String name) implements Comparable<Wanted> {

        private static final Comparator<Wanted> ORDER = Comparator.comparing(Wanted::id)
                .thenComparing(Wanted::name, Comparator.nullsFirst(Comparator.naturalOrder()));

        boolean isById() {
            return name == null || !id.equals(Uuid.ZERO_UUID);
        }

        /** The name of a topic that is not wanted by id. */
        String knownName() {
            return Objects.requireNonNull(name);
        }

        @Override
        public int compareTo(Wanted other) {
            return ORDER.compare(this, other);
        }
    }

    /** Removes repeated topics, which are answered once, as in Kafka. */
    private static List<Wanted> once(List<MetadataRequestTopic> named) {
        Set<Wanted> seen = new HashSet<>();
        return named.stream().map(topic -> new Wanted(topic.topicId(), topic.name()))
                .filter(seen::add).toList();
    }

    /**
     * The missing topics to create, up to {@link #CREATED_AT_ONCE}. A client with more repeats its
     * request.
     */
    private Set<Wanted> toCreate(List<Wanted> topics) {
        return topics.stream()
                .filter(wanted -> !wanted.isById()
                        && broker.topics().find(wanted.knownName()).isEmpty()
                        && TopicNames.problem(wanted.knownName()).isEmpty()
                        && !InternalTopics.reserved(wanted.knownName()))
                .limit(CREATED_AT_ONCE)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean all(Request<MetadataRequestData> request) {
        return request.body().topics() == null
                || (request.version() == 0 && request.body().topics().isEmpty());
    }

    @Override
    public boolean takesLong(Request<MetadataRequestData> request) {
        return many(all(request)
                ? broker.topics().all().stream()
                : request.body().topics().stream().flatMap(topic -> find(topic).stream()));
    }

    private Optional<Topic> find(MetadataRequestTopic named) {
        return named.name() == null
                ? broker.topics().find(TopicIds.fromKafka(named.topicId()))
                : broker.topics().find(named.name());
    }

    private static boolean many(Stream<Topic> topics) {
        int partitions = 0;
        for (Topic topic : (Iterable<Topic>) topics::iterator) {
            partitions += topic.partitions().size();
            if (partitions > ON_LOOP_PARTITIONS) {
                return true;
            }
        }
        return false;
    }

    private MetadataResponseData everything(Request<MetadataRequestData> request) {
        return response(request, broker.topics().all().stream()
                .map(topic -> view(topic, request.body())));
    }

    private Optional<MetadataResponseTopic> present(Wanted wanted, MetadataRequestData body) {
        return (wanted.isById()
                ? broker.topics().find(TopicIds.fromKafka(wanted.id()))
                : broker.topics().find(wanted.knownName())).map(topic -> view(topic, body));
    }

    private static MetadataResponseTopic missing(Wanted wanted) {
        if (wanted.isById()) {
            return missing(Errors.UNKNOWN_TOPIC_ID).setTopicId(wanted.id()).setName(null);
        }
        boolean isName = TopicNames.problem(wanted.knownName()).isEmpty();
        return missing(isName
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.INVALID_TOPIC_EXCEPTION).setName(wanted.name());
    }

    private CompletableFuture<MetadataResponseTopic> create(Wanted wanted,
            MetadataRequestData body) {
        String name = wanted.knownName();
        return broker.topics()
                .findOrCreate(NewTopic.of(name, broker.config().numPartitions(), Map.of()))
                .thenApply(outcome -> switch (outcome) {
                    case TopicOutcome.Done(Topic created) -> view(created, body);
                    case TopicOutcome.Refused refused ->
                        missing(ErrorCodes.of(refused.error())).setName(name);
                });
    }

    private MetadataResponseTopic view(Topic topic, MetadataRequestData body) {
        return TopicView.of(topic, broker.config().nodeId(),
                body.includeTopicAuthorizedOperations());
    }

    private static MetadataResponseTopic missing(Errors error) {
        return new AnsweredTopic().setErrorCode(error.code());
    }

    private MetadataResponseData response(Request<MetadataRequestData> request,
            Stream<MetadataResponseTopic> topics) {
        Node node = self.apply(request.context());
        MetadataResponseData data = new MetadataResponseData()
                .setClusterId(broker.clusterId())
                .setControllerId(node.id())
                .setClusterAuthorizedOperations(
                        request.body().includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.CLUSTER
                                : AuthorizedOperations.NOT_ASKED);
        data.brokers().add(new MetadataResponseBroker().setNodeId(node.id())
                .setHost(node.host()).setPort(node.port()).setRack(null));
        topics.forEach(data.topics()::add);
        return data;
    }
}
