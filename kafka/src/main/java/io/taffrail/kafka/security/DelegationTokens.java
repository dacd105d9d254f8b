package io.taffrail.kafka.security;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.ImmediateHandler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * Requests about delegation tokens: answered with DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, as Kafka
 * does on a port without authentication, whether tokens are enabled or not.
 */
final class DelegationTokens {

    private static final short NOT_ALLOWED = Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code();
    private static final int NO_TIME = -1;
    private static final int REQUESTER_FROM_VERSION = 3;

    private DelegationTokens() {}

    static List<Handler<?>> handlers() {
        return List.of(
                new ImmediateHandler<>(ApiKeys.CREATE_DELEGATION_TOKEN,
                        DelegationTokens::notCreated),
                new ImmediateHandler<RenewDelegationTokenRequestData>(
                        ApiKeys.RENEW_DELEGATION_TOKEN,
                        _ -> new RenewDelegationTokenResponseData().setErrorCode(NOT_ALLOWED)
                                .setExpiryTimestampMs(NO_TIME)),
                new ImmediateHandler<ExpireDelegationTokenRequestData>(
                        ApiKeys.EXPIRE_DELEGATION_TOKEN,
                        _ -> new ExpireDelegationTokenResponseData().setErrorCode(NOT_ALLOWED)
                                .setExpiryTimestampMs(NO_TIME)),
                new ImmediateHandler<DescribeDelegationTokenRequestData>(
                        ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                        _ -> new DescribeDelegationTokenResponseData()
                                .setErrorCode(NOT_ALLOWED)));
    }

    private static CreateDelegationTokenResponseData notCreated(
            Request<CreateDelegationTokenRequestData> request) {
        KafkaPrincipal principal = request.context().principal();
        CreateDelegationTokenResponseData data = new CreateDelegationTokenResponseData()
                .setErrorCode(NOT_ALLOWED)
                .setPrincipalType(principal.getPrincipalType())
                .setPrincipalName(principal.getName())
                .setIssueTimestampMs(NO_TIME).setExpiryTimestampMs(NO_TIME)
                .setMaxTimestampMs(NO_TIME);
        return request.version() < REQUESTER_FROM_VERSION
                ? data
                : data.setTokenRequesterPrincipalType(principal.getPrincipalType())
                        .setTokenRequesterPrincipalName(principal.getName());
    }
}
