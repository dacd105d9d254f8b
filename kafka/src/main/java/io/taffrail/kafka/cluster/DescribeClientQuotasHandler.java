package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeClientQuotas: no quotas can be set, so the result is always empty. */
public record DescribeClientQuotasHandler()
        implements
            Handler<DescribeClientQuotasRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public CompletionStage<DescribeClientQuotasResponseData> handle(
            Request<DescribeClientQuotasRequestData> request) {
        return CompletableFuture.completedFuture(new DescribeClientQuotasResponseData()
                .setErrorMessage(null).setEntries(List.of()));
    }
}
