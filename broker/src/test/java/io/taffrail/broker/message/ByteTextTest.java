package io.taffrail.broker.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteTextTest {

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void utf8IsTheTextItIs() {
        for (String text : new String[]{"", "a?b", "café", "\uFFFD", "日本", "😀?"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(ByteText.of(bytes)).isEqualTo(text);
            assertThat(ByteText.bytes(text)).isEqualTo(bytes);
            assertThat(ByteText.isUtf8(text)).isTrue();
        }
    }

    @Test
    void otherBytesComeBack() {
        for (String each : new String[]{"ff", "636166e9", "c3", "e282", "e2822e", "f09f98", "c080",
            "eda080", "edb2a9", "f4908080", "fe00ffc3a9", "8f00ff10c3a9fe7f0102d8d9dadbdcdd",
            "f09f9880ff", "3fff3f"}) {
            String text = ByteText.of(hex(each));
            assertThat(ByteText.bytes(text)).as(each).isEqualTo(hex(each));
            assertThat(ByteText.isUtf8(text)).as(each).isFalse();
        }
    }

    @Test
    void asciiStandsForItselfAmongOtherBytes() {
        assertThat(ByteText.of(hex("e2822e78")).split("\\.")).hasSize(2).endsWith("x");
    }

    /** All byte strings of up to two bytes, and many of up to eight. */
    @Test
    void differentBytesAreDifferentText() {
        Set<String> seen = new HashSet<>();
        for (int first = 0; first < 256; first++) {
            assertThat(seen.add(roundTrip((byte) first))).isTrue();
            for (int second = 0; second < 256; second++) {
                assertThat(seen.add(roundTrip((byte) first, (byte) second))).isTrue();
            }
        }
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] likely = hex("00413fc3a9e282acedb2a0f09f9880bfff80fe");
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(9)];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = likely[random.nextInt(likely.length)];
            }
            assertThat(ByteText.bytes(ByteText.of(bytes))).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    private static String roundTrip(byte... bytes) {
        String text = ByteText.of(bytes);
        assertThat(ByteText.bytes(text)).isEqualTo(bytes);
        return text;
    }

    @Test
    void textThatNoBytesMakeIsNotTakenForBytes() {
        assertThat(ByteText.bytes("\uD800x\uDC00\uDFFF"))
                .isEqualTo("?x??".getBytes(StandardCharsets.US_ASCII));
    }
}
