package io.taffrail.broker.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    /** The example of RFC 7677 §3, in the stored form of a server. */
    private static final String PENCIL = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
            + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
            + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    /** The example in RabbitMQ's guide to passwords: "test12". */
    private static final String RABBIT = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR";

    @Test
    void isWhatRfc7677Says() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        assertThat(ScramHash.of("pencil", salt, 4096).text()).isEqualTo(PENCIL);
        assertThat(PasswordHash.parse(PENCIL).matches("pencil")).isTrue();
        assertThat(PasswordHash.parse(PENCIL).matches("pencil ")).isFalse();
    }

    @Test
    void takesRabbitMqsHashes() {
        assertThat(PasswordHash.parse(RABBIT).matches("test12")).isTrue();
        assertThat(PasswordHash.parse(RABBIT).matches("test13")).isFalse();
        assertThat(PasswordHash.stored(PasswordHash.parse(RABBIT).encoded()).matches("test12"))
                .isTrue();
    }

    @Test
    void aNewOneIsDearAndFitsItsPassword() {
        PasswordHash hash = PasswordHash.of("søt");
        assertThat(hash.isCheap()).isFalse();
        assertThat(hash.matches("søt")).isTrue();
        assertThat(hash.matches("sot")).isFalse();
        assertThat(hash.encoded().length).isLessThanOrEqualTo(255);
        assertThat(PasswordHash.stored(hash.encoded()).matches("søt")).isTrue();
        assertThat(PasswordHash.of("søt").encoded()).as("salted").isNotEqualTo(hash.encoded());
    }

    @Test
    void noEmptyPasswordIsRight() {
        assertThat(PasswordHash.parse(RABBIT).matches("")).isFalse();
        assertThat(PasswordHash.parse(PENCIL).matches("")).isFalse();
        assertThatThrownBy(() -> PasswordHash.of("")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "SCRAM-SHA-256$", "SCRAM-SHA-256$1:c2Vj$a:b",
        "SCRAM-SHA-256$99999999:c2Vj$a:b", "a2kzR0NxVzVKTE1KYTRpWDFsbzdYNEQ2WGJZcWxMZw=="})
    void refusesOtherTextWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class).hasNoCause()
                .extracting(Throwable::getMessage).asString()
                .satisfies(message -> assertThat(text.isEmpty() || !message.contains(text)
                        || text.equals("SCRAM-SHA-256$")).isTrue());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 2_000_001})
    void refusesIterationsThatAreFewOrCostly(int iterations) {
        String text = PENCIL.replace("$4096:", "$" + iterations + ":");
        assertThatThrownBy(() -> PasswordHash.parse(text)).hasMessageContaining("iterations");
    }

    @Test
    void saysNothingOfItself() {
        assertThat(PasswordHash.parse(PENCIL)).hasToString("ScramHash");
    }
}
