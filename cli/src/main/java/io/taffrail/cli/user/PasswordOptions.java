package io.taffrail.cli.user;

import io.taffrail.broker.user.PasswordHash;
import io.taffrail.cli.terminal.Failure;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Options for the source of a password: a file, standard input, the environment or the terminal.
 * The command line is refused, because other processes can read it and shells store it.
 */
final class PasswordOptions {

    static final String VARIABLE = "TAFFRAIL_PASSWORD";

    private static final int MOST_BYTES = 1024;
    private static final String WAYS = "; it is asked for on a terminal, or comes from"
            + " --password-file FILE ('-': standard input) or from the variable " + VARIABLE;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File that holds the password on its only line; '-' is standard input. Without it: the variable "
            + VARIABLE + ", or a question on the terminal.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--hashed", description = "What is given is the hash of a password: SCRAM-SHA-256$… as 'taffrail user hash' and PostgreSQL make it, or RabbitMQ's in base64.")
    private boolean hashed;

    /**
     * Accepted only to be refused with a message that, unlike picocli's, does not
     * repeat the password.
     */
    @Option(names = "--password", arity = "0..1", fallbackValue = "", hidden = true)
    private String argument = "";

    /**
     * Request field with the password or its hash.
     *
     * @param words
     *            arguments after the user's name, where RabbitMQ's {@code add_user} takes
     *            a password; refused
     */
    Map<String, String> field(List<String> words) {
        String text = text(words);
        if (!hashed) {
            return Map.of("password", text);
        }
        try {
            var _ = PasswordHash.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
        return Map.of("hash", text);
    }

    /** Reads the password, or its hash. */
    String text(List<String> words) {
        if (!words.isEmpty() || !argument.isEmpty()) {
            throw Failure.usage("a password is not taken on the command line, where other processes"
                    + " and the shell's history see it" + WAYS);
        }
        String text = file.isPresent() ? read(file.get()) : inherited();
        if (text.isEmpty()) {
            throw Failure.usage("the password is empty");
        }
        return text;
    }

    private static String read(String name) {
        byte[] bytes;
        try (InputStream in = name.equals("-")
                ? System.in
                : Files.newInputStream(Path.of(name))) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw Failure.usage("the file of the password cannot be read: " + e.getMessage());
        }
        try {
            return line(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String line(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes))
                    .toString();
            String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (bytes.length > MOST_BYTES || line.indexOf('\n') >= 0) {
                throw Failure.usage("a password is one line of at most " + MOST_BYTES + " bytes");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw Failure.usage("a password is text in UTF-8");
        }
    }

    private String inherited() {
        String variable = System.getenv(VARIABLE);
        if (variable != null) {
            return variable;
        }
        Console console = Optional.ofNullable(System.console()).filter(Console::isTerminal)
                .orElseThrow(() -> Failure.usage("no password is given" + WAYS));
        String first = asked(console, hashed ? "Hash: " : "Password: ");
        if (!hashed && !first.equals(asked(console, "Again: "))) {
            throw Failure.usage("the two passwords differ");
        }
        return first;
    }

    private static String asked(Console console, String prompt) {
        char[] typed = console.readPassword("%s", prompt);
        if (typed == null) {
            throw Failure.usage("no password was typed");
        }
        try {
            return new String(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }
}
