package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.kafka.client.StartPoint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StartPointTextTest {

    private static StartPoint parse(String text) {
        return StartPointText.parse(text,
                InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z")), ZoneOffset.ofHours(1));
    }

    private static StartPoint time(String instant) {
        return new StartPoint.Time(Instant.parse(instant));
    }

    @Test
    void readsPlacesByNameAndNumber() {
        assertThat(parse("beginning")).isEqualTo(new StartPoint.Beginning());
        assertThat(parse("Latest")).isEqualTo(new StartPoint.End());
        assertThat(parse("42")).isEqualTo(new StartPoint.Offset(42));
        assertThat(parse("-10")).isEqualTo(new StartPoint.BeforeEnd(10));
    }

    @Test
    void readsTimes() {
        assertThat(parse("2026-01-01T00:00:00Z")).isEqualTo(time("2026-01-01T00:00:00Z"));
        assertThat(parse("2026-01-01T00:00:00+02:00")).isEqualTo(time("2025-12-31T22:00:00Z"));
        assertThat(parse("2026-01-01 10:30")).isEqualTo(time("2026-01-01T09:30:00Z"));
        assertThat(parse("2026-01-01")).isEqualTo(time("2025-12-31T23:00:00Z"));
        assertThat(parse("@1769860800000")).isEqualTo(time("2026-01-31T12:00:00Z"));
        assertThat(parse("10 min ago")).isEqualTo(time("2026-01-31T11:50:00Z"));
    }

    @Test
    void refusesAnythingElse() {
        assertThatThrownBy(() -> parse("yesterday")).isInstanceOf(Failure.class)
                .hasMessageContaining("'yesterday' is no place in a log");
    }
}
