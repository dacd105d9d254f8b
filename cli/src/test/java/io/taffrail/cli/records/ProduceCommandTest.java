package io.taffrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ProduceCommandTest {

    @Test
    void refusesAnEmptySeparatorBeforeItConnects() {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new ProduceCommand());
        Failure.handle(command);
        command.setErr(new PrintWriter(err));

        assertThat(command.execute("t", "--key-separator", "")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("taffrail: --key-separator must not be empty");
    }
}
