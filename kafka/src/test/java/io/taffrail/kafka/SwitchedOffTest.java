package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.DelegationTokenDisabledException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A request for a disabled feature gets the response of a Kafka broker without that feature, not
 * that of an unknown request.
 */
@Timeout(60)
class SwitchedOffTest {

    private static final AclBinding BINDING = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
            new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW));

    private final HeadFixture fixture = new HeadFixture();
    private final Admin admin = fixture.admin();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void aclsNeedAnAuthorizer() {
        assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY).values().get())
                .hasCauseInstanceOf(SecurityDisabledException.class)
                .hasMessageContaining("No Authorizer is configured on the broker");
        assertThatThrownBy(() -> admin.createAcls(List.of(BINDING)).all().get())
                .hasCauseInstanceOf(SecurityDisabledException.class)
                .hasMessageContaining("No Authorizer is configured.");
        assertThatThrownBy(() -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get())
                .hasCauseInstanceOf(SecurityDisabledException.class);
    }

    @Test
    void noUserHasScramCredentials() throws Exception {
        assertThat(admin.describeUserScramCredentials().users().get()).isEmpty();
        assertThatThrownBy(() -> admin.describeUserScramCredentials(List.of("anna"))
                .description("anna").get())
                .hasCauseInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("user credential that does not exist: anna");
        assertThatThrownBy(() -> admin.alterUserScramCredentials(
                List.of(new UserScramCredentialUpsertion("anna",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "pw")))
                .all().get())
                .hasCauseInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void delegationTokensNeedAnAuthenticatedPort() {
        assertThatThrownBy(() -> admin.createDelegationToken(new CreateDelegationTokenOptions())
                .delegationToken().get())
                .hasCauseInstanceOf(UnsupportedByAuthenticationException.class);
        assertThatThrownBy(() -> admin.describeDelegationToken().delegationTokens().get())
                .hasCauseInstanceOf(UnsupportedByAuthenticationException.class)
                .isNotInstanceOf(DelegationTokenDisabledException.class);
    }

    @Test
    void handshakeOnAPlainPortOffersNoMechanism() throws Exception {
        for (short version = 0; version <= 1; version++) {
            try (RawClient client = new RawClient(fixture.head.address().getPort())) {
                SaslHandshakeResponseData answer = client.call(ApiKeys.SASL_HANDSHAKE, version,
                        new SaslHandshakeRequestData().setMechanism("PLAIN"),
                        SaslHandshakeResponseData.class);
                assertThat(Errors.forCode(answer.errorCode()))
                        .isEqualTo(Errors.ILLEGAL_SASL_STATE);
                assertThat(answer.mechanisms()).isEmpty();
            }
        }
    }

    @Test
    void saslClientIsToldThatThePortIsPlain() {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", fixture.address(),
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule"
                        + " required username=\"u\" password=\"p\";"));
        try (Admin sasl = Admin.create(settings)) {
            assertThatThrownBy(() -> sasl.describeCluster().nodes().get())
                    .hasCauseInstanceOf(IllegalSaslStateException.class)
                    .hasMessageContaining("enabled mechanisms are []");
            sasl.close(Duration.ZERO);
        }
    }

    @Test
    void versionsOfWhatIsAnsweredAreAdvertised() throws Exception {
        try (RawClient client = new RawClient(fixture.head.address().getPort())) {
            var answer = client.call(ApiKeys.API_VERSIONS, 0,
                    new ApiVersionsRequestData(),
                    ApiVersionsResponseData.class);
            Set<ApiKeys> expected = Set.of(ApiKeys.DESCRIBE_ACLS, ApiKeys.CREATE_ACLS,
                    ApiKeys.DELETE_ACLS, ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE,
                    ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                    ApiKeys.CREATE_DELEGATION_TOKEN);
            for (ApiKeys key : expected) {
                assertThat(answer.apiKeys().find(key.id)).as(key.name).isNotNull();
            }
        }
    }
}
