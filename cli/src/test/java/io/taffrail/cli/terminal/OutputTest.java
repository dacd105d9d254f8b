package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class OutputTest {

    /** Exit code of a command whose output fails with this message. */
    private static int code(String reason) {
        return Failure.run(() -> {
            Output out = new Output(new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    throw new IOException(reason);
                }
            });
            out.line("text");
            out.flush();
            return ExitCode.OK;
        });
    }

    @Test
    void aReaderThatHasGoneIsNoFailure() {
        assertThat(code("Broken pipe")).isEqualTo(ExitCode.OK);
    }

    @Test
    void outputThatIsLostIsAFailure() {
        assertThat(code("No space left on device")).isEqualTo(ExitCode.FAILURE);
        assertThat(code("Bad file descriptor")).isEqualTo(ExitCode.FAILURE);
    }
}
