package io.taffrail.verify.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.history.Value;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private static final long VALUE = Value.of(7, 123_456_789_012L);

    @Test
    void saysWhichMessageItIsAtAnySize() {
        for (int size : new int[]{1, 50, 200, 10_000}) {
            byte[] payload = Payload.encode(VALUE, "kafka:t/0", size);

            assertThat(payload).hasSizeGreaterThanOrEqualTo(size);
            assertThat(Payload.decode(payload, "kafka:t/0")).isEqualTo(VALUE);
        }
        assertThat(Payload.encode(VALUE, "kafka:t/0", 200)).hasSize(200);
    }

    @Test
    void isNoMessageOnceAnyByteIsChanged() {
        byte[] payload = Payload.encode(VALUE, "kafka:t/0", 60);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= 1;
            assertThat(Payload.decode(payload, "kafka:t/0")).as("byte %d", i)
                    .isEqualTo(Value.NONE);
            payload[i] ^= 1;
        }
    }

    @Test
    void isNoMessageElsewhereOrCutOff() {
        byte[] payload = Payload.encode(VALUE, "kafka:t/0", 60);

        assertThat(Payload.decode(payload, "kafka:t/1")).isEqualTo(Value.NONE);
        assertThat(Payload.decode(new byte[0], "kafka:t/0")).isEqualTo(Value.NONE);
        assertThat(Payload.decode(new byte[60], "kafka:t/0")).isEqualTo(Value.NONE);
    }
}
