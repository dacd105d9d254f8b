package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    void errorsAreJsonIfTheOutputIs() {
        assertThat(misused("strat", "--output", "json")).matches(
                "\\{\"error\":\\{\"code\":\"usage\",\"message\":\".*strat.*\"}}\\R");
        assertThat(failed()).isEqualTo("taffrail: no queue 'q'" + System.lineSeparator());
        assertThat(failed("--json")).isEqualTo("{\"error\":{\"code\":\"not_found\","
                + "\"message\":\"no queue 'q'\"}}" + System.lineSeparator());
    }

    @Command
    static final class Failing implements Runnable {

        @Mixin
        OutputOptions output = new OutputOptions();

        @Override
        public void run() {
            throw new Failure(ExitCode.NOT_FOUND, "no queue 'q'");
        }
    }

    /** Standard error of a command that fails. */
    private static String failed(String... args) {
        StringWriter err = new StringWriter();
        CommandLine commands = new CommandLine(new Failing());
        Failure.handle(commands);
        commands.setErr(new PrintWriter(err));
        assertThat(commands.execute(args)).isEqualTo(ExitCode.NOT_FOUND);
        return err.toString();
    }

    @Test
    void aWordThatIsNearNoCommandIsAnsweredWithNone() {
        assertThat(misused("nonsense")).doesNotContain("Did you mean");
    }
}
