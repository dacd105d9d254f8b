package io.taffrail.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import org.junit.jupiter.api.Test;

class ControlCommandsTest {

    @Test
    void aRefusalOfSeveralParagraphsIsReportedOnOneLine() {
        BrokerException refusal = new BrokerException(BrokerError.INVALID_DEFINITION,
                "Validation failed\n\n<<\"abc\">> is not a valid maximum length");

        assertThat(ControlCommands.refused(refusal)).hasMessage(
                "Validation failed: <<\"abc\">> is not a valid maximum length");
    }
}
