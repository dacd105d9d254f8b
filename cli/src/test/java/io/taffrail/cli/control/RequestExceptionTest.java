package io.taffrail.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;

class RequestExceptionTest {

    @Test
    void aRefusalIsReportedOnOneLineInPlainWords() {
        BrokerException refusal = new BrokerException(BrokerError.INVALID_DEFINITION,
                "Validation failed\n\n<<\"abc\">> is not a valid maximum length, nor is <<>>");

        assertThat(RequestException.of(refusal)).hasMessage(
                "Validation failed: 'abc' is not a valid maximum length, nor is ''");
    }

    @Test
    void unknownSettingsAreNamedInPlainWords() {
        BrokerException refusal = new BrokerException(BrokerError.INVALID_DEFINITION,
                "[{<<\"foo\">>,1},{<<\"bar\">>,<<\"x\">>}] are not recognised policy settings");

        assertThat(RequestException.of(refusal)).hasMessage(
                "['foo' = 1,'bar' = 'x'] are not recognised policy settings");
    }

    @Test
    void aRefusalHasAnExitCodeByItsKind() {
        assertThat(code(BrokerError.QUEUE_NOT_FOUND)).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(code(BrokerError.OBJECT_EXISTS)).isEqualTo(ExitCode.EXISTS);
        assertThat(code(BrokerError.INVALID_DEFINITION)).isEqualTo(ExitCode.USAGE);
        assertThat(code(BrokerError.PRECONDITION_FAILED)).isEqualTo(ExitCode.REFUSED);
        assertThat(code(BrokerError.STORAGE_FAILED)).isEqualTo(ExitCode.FAILURE);
    }

    private static int code(BrokerError error) {
        return RequestException.of(new BrokerException(error, "text")).exitCode();
    }
}
