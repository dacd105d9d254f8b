package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.config.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Settings that the engine cannot work with are refused, with the name and the bounds. */
final class LocalLogConfigTest {

    private static final ByteSize USUAL = ByteSize.mebibytes(64);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static void assertRefused(Runnable made, String message) {
        assertThatThrownBy(made::run).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static LocalLogConfig sizes(ByteSize file, ByteSize checkpoint, ByteSize unforced,
            ByteSize dedupe) {
        return new LocalLogConfig(file, checkpoint, MINUTE, unforced, 8, MINUTE, dedupe);
    }

    @Test
    void refusesSizesThatAreTooSmall() {
        ByteSize one = new ByteSize(1);
        assertRefused(() -> sizes(one, USUAL, USUAL, USUAL),
                "journal.file.bytes: Value must be 16 KiB to 4 GiB, not 1 B");
        assertRefused(() -> sizes(USUAL, one, USUAL, USUAL),
                "journal.checkpoint.bytes: Value must be 2 KiB to 1 TiB, not 1 B");
        assertRefused(() -> sizes(USUAL, USUAL, one, USUAL),
                "journal.unforced.bytes: Value must be 8 KiB to 1 GiB, not 1 B");
        assertRefused(() -> sizes(USUAL, USUAL, USUAL, one),
                "log.cleaner.dedupe.buffer.size: Value must be 64 B to 1 TiB, not 1 B");
        assertRefused(() -> LocalLogConfig.defaults().withOpenFiles(0),
                "log.open.files: Value must be 1 to 2147483647, not 0");
    }

    @Test
    void refusesSizesThatAreTooLarge() {
        ByteSize huge = new ByteSize(Long.MAX_VALUE);
        assertRefused(() -> sizes(huge, USUAL, USUAL, USUAL),
                "journal.file.bytes: Value must be 16 KiB to 4 GiB, not 9223372036854775807 B");
        assertRefused(() -> sizes(USUAL, USUAL, huge, USUAL),
                "journal.unforced.bytes: Value must be 8 KiB to 1 GiB, not 9223372036854775807 B");
        assertRefused(() -> ByteSize.parse("9000000 TiB"), "too large: '9000000 TiB'");
        assertRefused(() -> ByteSize.parse("99999999999999999999"),
                "too large: '99999999999999999999'");
    }

    @Test
    void refusesIntervalsThatAreNone() {
        assertRefused(
                () -> new LocalLogConfig(USUAL, USUAL, Duration.ZERO, USUAL, 8, MINUTE, USUAL),
                "journal.checkpoint.interval: Value must be 10 ms to 31622400000 ms, not 0 ms");
        assertRefused(() -> new LocalLogConfig(USUAL, USUAL, MINUTE, USUAL, 8,
                Duration.ofSeconds(Long.MAX_VALUE), USUAL),
                "log.cleaner.backoff: Value must be 10 ms to 31622400000 ms, not "
                        + Duration.ofSeconds(Long.MAX_VALUE));
        assertRefused(() -> new LocalLogConfig(USUAL, USUAL, MINUTE, USUAL, 8, 1, 1, MINUTE,
                USUAL, MINUTE, new ByteSize(0)),
                "log.scrub.rate: Value must be 1 KiB to 1 TiB, not 0 B");
    }

    @Test
    void refusesThreadsAndRatesThatAreNone() {
        assertRefused(() -> new CleanerSettings(0, 1, MINUTE, USUAL),
                "log.cleaner.threads: Value must be 1 to 64, not 0");
        assertRefused(() -> new CleanerSettings(1, 0, MINUTE, USUAL),
                "log.cleaner.io.max.bytes.per.second: Value must be above 0, not 0.0");
        assertRefused(() -> new CleanerSettings(1, Double.NaN, MINUTE, USUAL),
                "log.cleaner.io.max.bytes.per.second: Value must be above 0, not NaN");
        assertRefused(() -> new CleanerSettings(3, 1, MINUTE, new ByteSize(128)),
                "log.cleaner.dedupe.buffer.size: Value must be 64 B or more for each of 3 threads");
    }
}
