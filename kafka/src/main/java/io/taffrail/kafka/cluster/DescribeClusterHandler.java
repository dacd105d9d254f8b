package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.MismatchedEndpointTypeException;
import org.apache.kafka.common.errors.UnsupportedEndpointTypeException;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeCluster: reports this node as the only one. */
public record DescribeClusterHandler(String clusterId, Function<RequestContext, Node> self)
        implements
            Handler<DescribeClusterRequestData> {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<DescribeClusterResponseData> handle(
            Request<DescribeClusterRequestData> request) {
        byte endpointType = request.body().endpointType();
        if (endpointType == CONTROLLERS) {
            throw new MismatchedEndpointTypeException(
                    "The request was sent to an endpoint of type BROKER, but we wanted an endpoint"
                            + " of type CONTROLLER");
        }
        if (endpointType != BROKERS) {
            throw new UnsupportedEndpointTypeException("Unsupported endpoint type " + endpointType);
        }
        Node node = self.apply(request.context());
        DescribeClusterResponseData data = new DescribeClusterResponseData()
                .setClusterId(clusterId).setControllerId(node.id()).setEndpointType(BROKERS)
                .setClusterAuthorizedOperations(
                        request.body().includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.CLUSTER
                                : AuthorizedOperations.NOT_ASKED);
        data.brokers().add(new DescribeClusterBroker().setBrokerId(node.id())
                .setHost(node.host()).setPort(node.port()).setRack(null));
        return CompletableFuture.completedFuture(data);
    }
}
