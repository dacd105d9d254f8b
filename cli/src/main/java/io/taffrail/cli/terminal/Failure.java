package io.taffrail.cli.terminal;

import io.taffrail.cli.config.DurationText;
import io.taffrail.cli.config.Nearest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A failure that ends a command with one line on standard error and an exit code. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    public Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** A usage error. */
    public static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }

    /** Installs this error handling in all commands. */
    public static void handle(CommandLine commands) {
        commands.setExecutionExceptionHandler((failure, command, parsed) -> new Problems(
                command.getErr(), OutputOptions.json(command.getParseResult())).report(failure));
        commands.setParameterExceptionHandler(Failure::misused);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.registerConverter(Duration.class, text -> {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a duration (examples: 500 ms, 30 s, 2 min)");
            }
        });
    }

    /** Runs a command without picocli, with the same error handling; returns the exit code. */
    public static int run(Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            return Problems.standard(false).report(e);
        }
    }

    /** Reports wrong arguments; hints at the right ones only in text. */
    private static int misused(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        CommandSpec spec = command.getCommandSpec();
        PrintWriter err = command.getErr();
        boolean json = OutputOptions.json(List.of(args));
        new Problems(err, json).say(ExitCode.USAGE,
                firstLine(String.valueOf(failure.getMessage())));
        if (!json) {
            suggest(failure, spec, err);
            err.println("'" + spec.qualifiedName() + " --help' tells how it is used");
        }
        err.flush();
        return ExitCode.USAGE;
    }

    /** Names the command or option that a mistyped word probably stands for, if any is near. */
    private static void suggest(ParameterException failure, CommandSpec spec, PrintWriter err) {
        if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                && !spec.subcommands().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            Nearest.to(word, List.copyOf(spec.subcommands().keySet())).ifPresent(it -> err
                    .println("Did you mean: " + spec.qualifiedName() + " " + it + "?"));
            return;
        }
        UnmatchedArgumentException.printSuggestions(failure, err);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }
}
