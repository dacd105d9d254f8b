package io.taffrail.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.cli.config.ConfigException;
import io.taffrail.log.config.HostPort;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9092", "[::]:9092", "192.0.2.1:9092", "[2001:db8::1]:9092"})
    void aKafkaListenerOnTheNetworkDoesNotOpen(String address) {
        assertThatThrownBy(() -> check(Map.of("kafka.listener", address)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.listener " + address)
                .hasMessageContaining("--insecure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9092", "127.1.2.3:0", "[::1]:9092", "localhost:9092"})
    void oneOfThisMachineOpens(String address) {
        assertThatCode(() -> check(Map.of("kafka.listener", address))).doesNotThrowAnyException();
    }

    @Test
    void theOwnerMayAcceptIt() {
        assertThatCode(() -> check(Map.of("kafka.listener", "0.0.0.0:9092", "insecure", "true")))
                .doesNotThrowAnyException();
    }

    @Test
    void amqpAsksForPasswords() {
        assertThatCode(() -> check(Map.of("amqp.listener", "0.0.0.0:5672")))
                .doesNotThrowAnyException();
    }

    @Test
    void amqpWithoutPasswordsDoesNotOpenToTheNetworkUnlessTheOwnerAcceptsIt() {
        Map<String, String> anonymous = Map.of("amqp.listener", "0.0.0.0:5672",
                "amqp.anonymous.login.user", "guest");

        assertThatThrownBy(() -> check(anonymous)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("amqp.anonymous.login.user")
                .hasMessageContaining("--insecure");
        assertThatCode(() -> check(Map.of("amqp.listener", "0.0.0.0:5672",
                "amqp.anonymous.login.user", "guest", "insecure", "true")))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of("amqp.listener", "127.0.0.1:5672",
                "amqp.anonymous.login.user", "guest"))).doesNotThrowAnyException();
    }

    @Test
    void anUnknownNameIsLeftToTheBind() {
        assertThat(Exposure.isExposed(new HostPort("no.such.host.invalid", 1))).isFalse();
    }

    private static void check(Map<String, String> settings) {
        Exposure.check(TaffrailOptions.of(settings).config());
    }
}
