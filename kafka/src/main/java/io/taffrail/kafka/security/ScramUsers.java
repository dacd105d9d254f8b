package io.taffrail.kafka.security;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.ImmediateHandler;
import io.taffrail.kafka.api.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * DescribeUserScramCredentials and AlterUserScramCredentials (KIP-554): users have no credentials
 * and cannot be given any.
 */
final class ScramUsers {

    private ScramUsers() {}

    static List<Handler<?>> handlers() {
        return List.of(
                new ImmediateHandler<>(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        ScramUsers::describe),
                new ImmediateHandler<>(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, ScramUsers::alter));
    }

    private static DescribeUserScramCredentialsResponseData describe(
            Request<DescribeUserScramCredentialsRequestData> request) {
        Map<String, Integer> asked = new LinkedHashMap<>();
        if (request.body().users() != null) {
            for (UserName user : request.body().users()) {
                asked.merge(user.name(), 1, Integer::sum);
            }
        }
        return new DescribeUserScramCredentialsResponseData().setResults(
                asked.entrySet().stream().map(user -> result(user.getKey(), user.getValue()))
                        .toList());
    }

    private static DescribeUserScramCredentialsResult result(String user, int times) {
        DescribeUserScramCredentialsResult result = new DescribeUserScramCredentialsResult()
                .setUser(user);
        return times > 1
                ? result.setErrorCode(Errors.DUPLICATE_RESOURCE.code()).setErrorMessage("Cannot"
                        + " describe SCRAM credentials for the same user twice in a single request: "
                        + user)
                : result.setErrorCode(Errors.RESOURCE_NOT_FOUND.code()).setErrorMessage(
                        "Attempt to describe a user credential that does not exist: " + user);
    }

    private static AlterUserScramCredentialsResponseData alter(
            Request<AlterUserScramCredentialsRequestData> request) {
        Map<String, ApiError> refused = new LinkedHashMap<>();
        request.body().deletions().forEach(deletion -> refused.put(deletion.name(),
                known(deletion.mechanism())
                        ? new ApiError(Errors.RESOURCE_NOT_FOUND,
                                "Attempt to delete a user credential that does not exist")
                        : unknownMechanism()));
        request.body().upsertions().forEach(upsertion -> refused.put(upsertion.name(),
                known(upsertion.mechanism())
                        ? new ApiError(Errors.UNSUPPORTED_VERSION,
                                "This broker does not keep SCRAM credentials.")
                        : unknownMechanism()));
        return new AlterUserScramCredentialsResponseData().setResults(
                refused.entrySet().stream().map(user -> new AlterUserScramCredentialsResult()
                        .setUser(user.getKey()).setErrorCode(user.getValue().error().code())
                        .setErrorMessage(user.getValue().message())).toList());
    }

    private static boolean known(byte mechanism) {
        return ScramMechanism.fromType(mechanism) != ScramMechanism.UNKNOWN;
    }

    private static ApiError unknownMechanism() {
        return new ApiError(Errors.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
    }
}
