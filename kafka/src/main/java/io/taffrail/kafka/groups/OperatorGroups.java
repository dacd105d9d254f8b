package io.taffrail.kafka.groups;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.group.ReaderGroups;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Kafka's consumer groups for an operator, asked of the coordinator without a connection. */
record OperatorGroups(CoordinatorHost host) implements ReaderGroups {

    private static final String CONSUMER = "consumer";

    private static RequestContext context(ApiKeys key) {
        return new RequestContext(new RequestHeader(key, key.latestVersion(), "operator", 1),
                "operator", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                new ListenerName("OPERATOR"), SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY, false);
    }

    @Override
    public CompletableFuture<List<Summary>> list() {
        if (!host.hasGroups()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return host.ask(coordinator -> coordinator.listGroups(context(ApiKeys.LIST_GROUPS),
                new ListGroupsRequestData()),
                error -> new ListGroupsResponseData().setErrorCode(error.code()))
                .thenApply(answer -> {
                    check(Errors.forCode(answer.errorCode()), "");
                    return answer.groups().stream().map(group -> new Summary(group.groupId(),
                            group.groupType(), group.groupState())).toList();
                }).toCompletableFuture();
    }

    @Override
    public CompletableFuture<Description> describe(String group) {
        return list().thenCompose(groups -> {
            Summary summary = groups.stream().filter(it -> it.group().equals(group)).findFirst()
                    .orElseThrow(() -> new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                            "no group '" + group + "'"));
            CompletableFuture<List<Member>> members = summary.type().equals(CONSUMER)
                    ? consumers(group)
                    : classic(group);
            return members.thenCombine(positions(group),
                    (found, positions) -> new Description(summary, found, positions));
        });
    }

    private CompletableFuture<List<Member>> consumers(String group) {
        return this.<List<ConsumerGroupDescribeResponseData.DescribedGroup>>asked(
                host.ask(coordinator -> coordinator.consumerGroupDescribe(
                        context(ApiKeys.CONSUMER_GROUP_DESCRIBE), List.of(group)),
                        _ -> List.of()))
                .thenApply(groups -> groups.stream().flatMap(it -> it.members().stream())
                        .map(member -> new Member(member.memberId(), member.clientId(),
                                member.clientHost(), member.assignment().topicPartitions()
                                        .stream().flatMap(topic -> topic.partitions().stream()
                                                .map(index -> topic.topicName() + "-" + index))
                                        .toList()))
                        .toList());
    }

    private CompletableFuture<List<Member>> classic(String group) {
        return this.<List<DescribeGroupsResponseData.DescribedGroup>>asked(
                host.ask(coordinator -> coordinator.describeGroups(
                        context(ApiKeys.DESCRIBE_GROUPS), List.of(group)), _ -> List.of()))
                .thenApply(groups -> groups.stream().flatMap(it -> it.members().stream())
                        .map(member -> new Member(member.memberId(), member.clientId(),
                                member.clientHost(), assigned(member.memberAssignment())))
                        .toList());
    }

    private <T> CompletableFuture<T> asked(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

    /** The partitions of an assignment; empty for protocols other than that of consumers. */
    private static List<String> assigned(byte[] assignment) {
        if (assignment.length == 0) {
            return List.of();
        }
        try {
            Assignment decoded = ConsumerProtocol
                    .deserializeAssignment(ByteBuffer.wrap(assignment));
            return decoded.partitions().stream().map(Object::toString).toList();
        } catch (SchemaException | java.nio.BufferUnderflowException _) {
            return List.of();
        }
    }

    @Override
    public CompletableFuture<List<Position>> positions(String group) {
        if (!host.hasGroups()) {
            return CompletableFuture.completedFuture(List.of());
        }
        OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId(group)
                .setTopics(null);
        return asked(host.ask(
                coordinator -> coordinator.fetchOffsets(context(ApiKeys.OFFSET_FETCH), all, false),
                error -> OffsetFetchResponse.groupError(all, error, (short) 9)))
                .thenApply(answer -> positions(group, answer));
    }

    private static List<Position> positions(String group, OffsetFetchResponseGroup answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.GROUP_ID_NOT_FOUND) {
            return List.of();
        }
        check(error, group);
        return answer.topics().stream().flatMap(topic -> topic.partitions().stream()
                .filter(it -> it.committedOffset() >= 0)
                .map(it -> new Position(topic.name(), it.partitionIndex(),
                        it.committedOffset())))
                .toList();
    }

    @Override
    public CompletableFuture<Void> store(String group, List<Position> positions) {
        List<OffsetCommitRequestTopic> topics = new ArrayList<>();
        for (Position position : positions) {
            topics.add(new OffsetCommitRequestTopic().setName(position.topic())
                    .setPartitions(List.of(new OffsetCommitRequestPartition()
                            .setPartitionIndex(position.partition())
                            .setCommittedOffset(position.offset()))));
        }
        OffsetCommitRequestData commit = new OffsetCommitRequestData().setGroupId(group)
                .setTopics(topics);
        return asked(host.askForRoom(group, OffsetBytes.of(commit),
                shard -> OffsetBytes.held(shard, commit),
                coordinator -> coordinator.commitOffsets(context(ApiKeys.OFFSET_COMMIT), commit,
                        BufferSupplier.NO_CACHING),
                error -> OffsetCommitRequest.getErrorResponse(commit, error)))
                .thenAccept(answer -> errors(answer).forEach(error -> check(error, group)));
    }

    private static Stream<Errors> errors(OffsetCommitResponseData answer) {
        return answer.topics().stream().flatMap(it -> it.partitions().stream())
                .map(it -> Errors.forCode(it.errorCode()));
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        return asked(host.ask(
                coordinator -> coordinator.deleteGroups(context(ApiKeys.DELETE_GROUPS),
                        List.of(group), BufferSupplier.NO_CACHING)
                        .thenApply(results -> Errors.forCode(results.iterator().next()
                                .errorCode())),
                Function.identity())).thenAccept(error -> check(error, group));
    }

    private static void check(Errors error, String group) {
        BrokerError refusal = switch (error) {
            case NONE -> null;
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, STALE_MEMBER_EPOCH, NON_EMPTY_GROUP,
                    REBALANCE_IN_PROGRESS ->
                BrokerError.PRECONDITION_FAILED;
            case GROUP_ID_NOT_FOUND, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID ->
                BrokerError.OBJECT_NOT_FOUND;
            case INVALID_GROUP_ID -> BrokerError.INVALID_DEFINITION;
            default -> BrokerError.STORAGE_FAILED;
        };
        if (refusal != null) {
            throw new BrokerException(refusal, switch (refusal) {
                case PRECONDITION_FAILED -> "group '" + group
                        + "' has members; stop its consumers first";
                case OBJECT_NOT_FOUND -> "no group '" + group + "', or none of its topics";
                default -> error.message();
            });
        }
    }
}
