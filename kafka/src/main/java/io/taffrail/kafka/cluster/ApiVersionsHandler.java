package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * ApiVersions: reports the requests that have a handler, with every stable version of their
 * messages, and the supported features. An unknown version of ApiVersions itself is answered in
 * version 0 with the supported versions (KIP-511).
 *
 * @param keys
 *            returns the requests that have a handler; called for each request, because the table
 *            is complete only after this handler was added
 * @param features
 *            the supported features and their finalized levels (KIP-584)
 */
public record ApiVersionsHandler(Supplier<Set<ApiKeys>> keys, FeatureLevels features,
        String clusterId, int nodeId) implements Handler<ApiVersionsRequestData> {

    /**
     * First version in which a supported feature with minimum version 0 may be reported. Java
     * clients 3.3 to 3.8 close the connection if an earlier version reports one (KAFKA-17492).
     */
    private static final int FEATURES_FROM_ZERO = 4;

    @Override
    public ApiKeys key() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<ApiVersionsResponseData> handle(
            Request<ApiVersionsRequestData> request) {
        return CompletableFuture.completedFuture(answer(request));
    }

    private ApiVersionsResponseData answer(Request<ApiVersionsRequestData> request) {
        if (!request.context().header.isApiVersionSupported()) {
            ApiVersionCollection own = new ApiVersionCollection();
            own.add(new ApiVersion().setApiKey(ApiKeys.API_VERSIONS.id)
                    .setMinVersion(ApiKeys.API_VERSIONS.oldestVersion())
                    .setMaxVersion(ApiKeys.API_VERSIONS.latestVersion()));
            return new ApiVersionsResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_VERSION.code()).setApiKeys(own);
        }
        if (!new ApiVersionsRequest(request.body(), request.version()).isValid()) {
            return new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        }
        if (elsewhere(request.body())) {
            return new ApiVersionsResponseData()
                    .setErrorCode(Errors.REBOOTSTRAP_REQUIRED.code());
        }
        ApiVersionsResponseData data = new ApiVersionsResponseData().setApiKeys(
                ApiVersionsResponse.collectApis(ListenerType.BROKER, keys.get(), false));
        if (request.version() >= FEATURES_FROM_ZERO) {
            features.supported()
                    .forEach((name, level) -> data.supportedFeatures().add(new SupportedFeatureKey()
                            .setName(name).setMinVersion((short) 0).setMaxVersion(level)));
        }
        FeatureLevels.Finalized finalized = features.finalized();
        finalized.levels().forEach((name, level) -> {
            if (level > 0) {
                data.finalizedFeatures().add(new FinalizedFeatureKey().setName(name)
                        .setMinVersionLevel(level).setMaxVersionLevel(level));
            }
        });
        return data.setFinalizedFeaturesEpoch(finalized.epoch());
    }

    /** Whether the client expects another cluster or node (KIP-1242). */
    private boolean elsewhere(ApiVersionsRequestData body) {
        return (body.clusterId() != null && !body.clusterId().equals(clusterId))
                || (body.nodeId() != -1 && body.nodeId() != nodeId);
    }
}
