package io.taffrail.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldValue;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamStartTest {

    private static final long NOW_MS = 100_000_000_000_000L;

    private static StreamStart read(FieldValue value) {
        return StreamStart.read(Optional.of(value), NOW_MS, "queue 's' in vhost '/'");
    }

    @Test
    void isNextWithoutAnArgument() {
        assertThat(StreamStart.read(Optional.empty(), NOW_MS, ""))
                .isEqualTo(new StreamStart.Next());
    }

    @Test
    void hasNames() {
        assertThat(read(new FieldValue.Text("first"))).isEqualTo(new StreamStart.First());
        assertThat(read(new FieldValue.Text("last"))).isEqualTo(new StreamStart.Last());
        assertThat(read(new FieldValue.Text("next"))).isEqualTo(new StreamStart.Next());
    }

    @Test
    void isAnOffsetOrATime() {
        assertThat(read(new FieldValue.Int32(7))).isEqualTo(new StreamStart.At(7));
        assertThat(read(new FieldValue.Int32(-1))).isEqualTo(new StreamStart.First());
        assertThat(read(new FieldValue.Int64(1L << 40))).isEqualTo(new StreamStart.At(1L << 40));
        assertThat(read(new FieldValue.Timestamp(12))).isEqualTo(new StreamStart.Since(12_000));
    }

    @ParameterizedTest
    @CsvSource({"5s,5000", "2m,120000", "3h,10800000", "1D,86400000", "1M,2592000000",
        "1Y,31536000000"})
    void isASpanOfTimeBeforeNow(String span, long ms) {
        assertThat(read(new FieldValue.Text(span))).isEqualTo(new StreamStart.Since(NOW_MS - ms));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "D", "0D", "-1D", "1 D", "1d", "middle",
        "99999999999999999999s"})
    void isNothingElse(String text) {
        assertThatThrownBy(() -> read(new FieldValue.Text(text)))
                .isInstanceOfSatisfying(BrokerException.class,
                        e -> assertThat(e.error()).isEqualTo(BrokerError.PRECONDITION_FAILED))
                .hasMessage("invalid arg 'x-stream-offset' for queue 's' in vhost '/':"
                        + " {invalid_stream_offset_arg,{longstr,<<\"" + text + "\">>}}");
    }

    @Test
    void isNoOtherType() {
        assertThatThrownBy(() -> read(new FieldValue.Bool(true)))
                .isInstanceOf(BrokerException.class);
    }
}
