package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.RequestContext;

/**
 * FindCoordinator: reports the coordinator of a group or a transactional id, which is always this
 * node. The response is sent after its shard has been loaded, so that the client's next request can
 * be served. The first call creates the topic that stores the coordinator's state.
 *
 * @param transactions
 *            completes with NONE when the coordinator of a transactional id can be used
 */
record FindCoordinatorHandler(CoordinatorHost host, Function<RequestContext, Node> self,
        Function<String, CompletableFuture<Errors>> transactions)
        implements
            Handler<FindCoordinatorRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<FindCoordinatorResponseData> handle(
            Request<FindCoordinatorRequestData> request) {
        FindCoordinatorRequestData body = request.body();
        boolean batched = request.version() >= FindCoordinatorRequest.MIN_BATCHED_VERSION;
        List<String> keys = batched ? body.coordinatorKeys() : List.of(body.key());
        Node node = self.apply(request.context());
        List<CompletableFuture<Coordinator>> found = new ArrayList<>();
        for (String key : keys) {
            found.add(find(body.keyType(), key, node));
        }
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            List<Coordinator> coordinators = found.stream().map(CompletableFuture::join).toList();
            return batched
                    ? new FindCoordinatorResponseData().setCoordinators(coordinators)
                    : single(coordinators.getFirst());
        });
    }

    private CompletableFuture<Coordinator> find(byte keyType, String key, Node node) {
        if (keyType == CoordinatorType.TRANSACTION.id()) {
            return transactions.apply(key).thenApply(error -> error == Errors.NONE
                    ? here(key, node)
                    : refusal(key, error, error.message()));
        }
        if (keyType != CoordinatorType.GROUP.id()) {
            return CompletableFuture.completedFuture(refusal(key, Errors.INVALID_REQUEST,
                    "This broker has no coordinator of type " + keyType + "."));
        }
        return host.running().thenCompose(running -> running.whenLoaded(key))
                .thenApply(_ -> here(key, node))
                .exceptionally(failure -> {
                    Errors error = CoordinatorHost.error(failure);
                    return refusal(key, error, error.message());
                });
    }

    private static Coordinator here(String key, Node node) {
        return new Coordinator().setKey(key).setNodeId(node.id()).setHost(node.host())
                .setPort(node.port());
    }

    private static Coordinator refusal(String key, Errors error, String message) {
        Node none = Node.noNode();
        return new Coordinator().setKey(key).setErrorCode(error.code()).setErrorMessage(message)
                .setNodeId(none.id()).setHost(none.host()).setPort(none.port());
    }

    private static FindCoordinatorResponseData single(Coordinator coordinator) {
        return new FindCoordinatorResponseData().setErrorCode(coordinator.errorCode())
                .setErrorMessage(coordinator.errorMessage()).setNodeId(coordinator.nodeId())
                .setHost(coordinator.host()).setPort(coordinator.port());
    }
}
