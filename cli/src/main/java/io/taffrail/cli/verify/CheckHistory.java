package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.verify.Verification;
import io.taffrail.verify.history.HistoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a stored history. */
@Command(name = "check", description = "Checks the history of another run again.")
final class CheckHistory implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "What --history wrote.")
    private Path file = Path.of("");

    @Option(names = "--report", paramLabel = "FILE", description = "Write the report there too; numbers as one line of JSON if the name ends in .json.")
    private Optional<Path> report = Optional.empty();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        try {
            return Reports.write(file.toString(), 0, Verification.check(file), report);
        } catch (HistoryException e) {
            throw new Failure(ExitCode.NO_VERDICT, String.valueOf(e.getMessage()), e);
        }
    }
}
