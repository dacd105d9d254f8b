package io.taffrail.kafka.security;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.ImmediateHandler;
import java.util.List;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeAcls, CreateAcls, DeleteAcls: answered with SECURITY_DISABLED, as by a Kafka broker
 * without an authorizer. MirrorMaker, Strimzi and consoles treat that as "no ACLs" and continue.
 */
final class Acls {

    private static final short DISABLED = Errors.SECURITY_DISABLED.code();
    private static final String REASON = "No Authorizer is configured.";

    private Acls() {}

    static List<Handler<?>> handlers() {
        return List.of(
                new ImmediateHandler<DescribeAclsRequestData>(ApiKeys.DESCRIBE_ACLS,
                        _ -> new DescribeAclsResponseData().setErrorCode(DISABLED)
                                .setErrorMessage("No Authorizer is configured on the broker")),
                new ImmediateHandler<CreateAclsRequestData>(ApiKeys.CREATE_ACLS,
                        request -> new CreateAclsResponseData().setResults(
                                request.body().creations().stream()
                                        .map(_ -> new AclCreationResult().setErrorCode(DISABLED)
                                                .setErrorMessage(REASON))
                                        .toList())),
                new ImmediateHandler<DeleteAclsRequestData>(ApiKeys.DELETE_ACLS,
                        request -> new DeleteAclsResponseData().setFilterResults(
                                request.body().filters().stream()
                                        .map(_ -> new DeleteAclsFilterResult()
                                                .setErrorCode(DISABLED).setErrorMessage(REASON))
                                        .toList())));
    }
}
