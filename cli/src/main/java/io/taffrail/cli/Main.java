package io.taffrail.cli;

import io.taffrail.cli.logging.Logging;
import io.taffrail.cli.start.StartCommand;
import io.taffrail.cli.terminal.Failure;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Entry point of the {@code taffrail} command. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        Logging.start();
        System.exit(run(args));
    }

    /** Runs one command and returns its exit code. */
    static int run(String... args) {
        List<String> words = List.of(args);
        if (!words.isEmpty() && words.getFirst().equals("start")) {
            Optional<StartCommand> start = StartCommand.of(words.subList(1, words.size()));
            if (start.isPresent()) {
                return Failure.run(start.get());
            }
        }
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new TaffrailCommand());
        Failure.handle(commands);
        return commands;
    }
}
