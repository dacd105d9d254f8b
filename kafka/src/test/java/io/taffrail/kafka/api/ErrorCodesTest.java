package io.taffrail.kafka.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerError;
import io.taffrail.log.Refusal;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodesTest {

    @ParameterizedTest
    @EnumSource(BrokerError.class)
    void everyErrorOfTheDomainHasACode(BrokerError error) {
        assertThat(ErrorCodes.of(error)).isNotIn(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalOfALogHasACode(Refusal refusal) {
        assertThat(ErrorCodes.of(refusal)).isNotIn(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR);
    }

    @ParameterizedTest
    @EnumSource(value = Refusal.class, names = {"DISK_FULL", "OVERLOADED", "STORAGE_FAILED"})
    void whatPassesMayBeRetried(Refusal refusal) {
        assertThat(ErrorCodes.of(refusal).exception()).isInstanceOf(RetriableException.class);
    }
}
