package io.taffrail.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFileLimitTest {

    private static OpenFileLimit said(String soft) {
        return OpenFileLimit.of("""
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             94000                94000                processes
                Max open files            %s                 1048576              files
                Max locked memory         8388608              8388608              bytes
                """.formatted(soft));
    }

    @Test
    void theSoftLimitIsRead() {
        assertThat(said("1024").most()).isEqualTo(1024);
        assertThat(said("unlimited").most()).isEqualTo(Integer.MAX_VALUE);
        assertThat(said("9223372036854775807").most()).isEqualTo(Integer.MAX_VALUE);
        assertThat(OpenFileLimit.of("").most()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void filesAndSocketsTogetherStayBelowIt() {
        for (int most : new int[]{OpenFileLimit.LEAST, 1024, 4096, 20_000, 1_048_576}) {
            OpenFileLimit limit = new OpenFileLimit(most);
            int segments = limit.segments(8192);
            int sockets = limit.sockets(segments);
            assertThat(segments).isBetween(64, 8192);
            assertThat(sockets).isGreaterThanOrEqualTo(64);
            assertThat(segments + sockets).isEqualTo(most - 128);
        }
    }

    @Test
    void withoutOneEverythingIsAsConfigured() {
        OpenFileLimit none = new OpenFileLimit(Integer.MAX_VALUE);
        assertThat(none.segments(8192)).isEqualTo(8192);
        assertThat(none.sockets(8192)).isEqualTo(Integer.MAX_VALUE);
    }
}
