package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureTest {

    @Command(name = "top", subcommands = {
        Sub.Config.class, Sub.Start.class, Sub.Status.class, Sub.Vhost.class})
    static final class Top implements Runnable {

        @Override
        public void run() {}
    }

    private interface Sub {

        @Command(name = "config")
        final class Config implements Sub {}

        @Command(name = "start")
        final class Start implements Sub {}

        @Command(name = "status")
        final class Status implements Sub {}

        @Command(name = "vhost")
        final class Vhost implements Sub {}
    }

    /** Standard error of a command line that is used wrongly. */
    private static String misused(String... args) {
        StringWriter err = new StringWriter();
        CommandLine commands = new CommandLine(new Top());
        Failure.handle(commands);
        commands.setErr(new PrintWriter(err));
        assertThat(commands.execute(args)).isEqualTo(ExitCode.USAGE);
        return err.toString();
    }

    @Test
    void aMistypedCommandIsAnsweredWithTheNearestOne() {
        assertThat(misused("strat")).contains("Did you mean: top start?");
        assertThat(misused("stauts")).contains("Did you mean: top status?");
    }

    @Test
    void aWordThatIsNearNoCommandIsAnsweredWithNone() {
        assertThat(misused("nonsense")).doesNotContain("Did you mean");
    }
}
