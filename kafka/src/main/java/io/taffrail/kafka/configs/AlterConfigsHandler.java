package io.taffrail.kafka.configs;

import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs: the given values replace all values that were set. */
public record AlterConfigsHandler(
        ConfigSubjects subjects) implements Handler<AlterConfigsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<AlterConfigsResponseData> handle(
            Request<AlterConfigsRequestData> request) {
        Repeats repeats = new Repeats();
        request.body().resources().forEach(
                resource -> repeats.add(resource.resourceType(), resource.resourceName()));
        return FewAtOnce
                .of(List.copyOf(request.body().resources()),
                        resource -> alter(resource, repeats, request.body().validateOnly())
                                .handle((_, failure) -> result(resource, failure == null
                                        ? ApiError.NONE
                                        : ConfigSubjects.error(failure))))
                .thenApply(results -> new AlterConfigsResponseData().setResponses(results));
    }

    private CompletionStage<?> alter(AlterConfigsResource resource, Repeats repeats,
            boolean validateOnly) {
        try {
            repeats.requireOnce(resource.resourceType(), resource.resourceName());
            Repeats.requireDistinct(resource.configs(), AlterableConfig::name);
            Map<String, String> values = new HashMap<>();
            for (AlterableConfig config : resource.configs()) {
                if (config.value() == null) {
                    throw new InvalidRequestException(
                            "Null value not supported for : " + config.name());
                }
                values.put(config.name(), config.value());
            }
            return subjects.require(resource.resourceType()).alter(resource.resourceName(),
                    _ -> values, validateOnly);
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static AlterConfigsResourceResponse result(AlterConfigsResource resource,
            ApiError error) {
        return new AlterConfigsResourceResponse().setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName()).setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
