package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiVersionsTest {

    private final HeadFixture fixture = new HeadFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Java clients 3.3 to 3.8 use version 3 and close the connection if a minimum version is 0. */
    @Test
    void featuresWithMinimumZeroAreToldFromVersion4On() throws Exception {
        assertThat(ask(3).supportedFeatures()).isEmpty();
        assertThat(ask(3).finalizedFeatures())
                .extracting(feature -> feature.name() + " " + feature.maxVersionLevel())
                .containsExactlyInAnyOrder("group.version 1", "transaction.version 2");
        assertThat(ask(4).supportedFeatures()).extracting(feature -> feature.name() + " "
                + feature.minVersion() + "-" + feature.maxVersion())
                .containsExactlyInAnyOrder("group.version 0-1", "transaction.version 0-2");
    }

    private ApiVersionsResponseData ask(int version) throws Exception {
        try (RawClient client = new RawClient(fixture.head.address().getPort())) {
            return client.call(ApiKeys.API_VERSIONS, version,
                    new ApiVersionsRequestData().setClientSoftwareName("test")
                            .setClientSoftwareVersion("1"),
                    ApiVersionsResponseData.class);
        }
    }
}
