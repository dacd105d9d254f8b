package io.taffrail.kafka.configs;

import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;

/** IncrementalAlterConfigs: sets or removes single settings, or changes list settings. */
public record IncrementalAlterConfigsHandler(
        ConfigSubjects subjects) implements Handler<IncrementalAlterConfigsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponseData> handle(
            Request<IncrementalAlterConfigsRequestData> request) {
        Repeats repeats = new Repeats();
        request.body().resources().forEach(
                resource -> repeats.add(resource.resourceType(), resource.resourceName()));
        return FewAtOnce
                .of(List.copyOf(request.body().resources()),
                        resource -> alter(resource, repeats, request.body().validateOnly())
                                .handle((_, failure) -> result(resource, failure == null
                                        ? ApiError.NONE
                                        : ConfigSubjects.error(failure))))
                .thenApply(
                        results -> new IncrementalAlterConfigsResponseData().setResponses(results));
    }

    private CompletionStage<?> alter(AlterConfigsResource resource, Repeats repeats,
            boolean validateOnly) {
        try {
            repeats.requireOnce(resource.resourceType(), resource.resourceName());
            Repeats.requireDistinct(resource.configs(), AlterableConfig::name);
            ConfigSubject subject = subjects.require(resource.resourceType());
            return subject.alter(resource.resourceName(),
                    IncrementalChange.of(resource.configs(), subject), validateOnly);
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
