package io.taffrail.cli.terminal;

import io.taffrail.net.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Options for the form of a command's output and errors, and the printing of its effects. */
public final class OutputOptions {

    /** Forms of output. */
    enum Format {
        text, json
    }

    private static final String NAME = "--output";
    private static final String SHORT = "--json";

    @Option(names = NAME, paramLabel = "FORMAT", description = "text, or json: a JSON object per line, for errors too (default: ${DEFAULT-VALUE}).", defaultValue = "text")
    private Format format = Format.text;

    @Option(names = SHORT, description = "The same as --output json.")
    private boolean json;

    /** True if output and errors are JSON. */
    public boolean json() {
        return json || format == Format.json;
    }

    /** Whether these words, not yet parsed, ask for JSON. */
    static boolean json(List<String> words) {
        int at = words.indexOf(NAME);
        return words.contains(SHORT) || words.contains(NAME + "=json")
                || (at >= 0 && at + 1 < words.size()
                        && words.get(at + 1).equalsIgnoreCase(Format.json.name()));
    }

    /** Whether a command was called to print JSON. */
    static boolean json(ParseResult parsed) {
        return parsed.hasMatchedOption(SHORT)
                || parsed.matchedOptionValue(NAME, Format.text) == Format.json;
    }

    /** Prints the effect of a command: a line of text, or the object in JSON. */
    public void effect(String text, Map<?, ?> object) {
        Output out = Output.standard();
        out.line(json() ? Json.write(object) : text);
        out.flush();
    }

    /**
     * Applies an action to each name. A failure is reported and does not keep the action from the
     * other names, unless no broker answers.
     *
     * @return the exit code of the first failure
     */
    public <T> int each(Collection<T> names, Consumer<T> action) {
        int code = ExitCode.OK;
        for (T name : names) {
            int one = tried(name, action);
            code = code == ExitCode.OK ? one : code;
            if (one == ExitCode.UNREACHABLE) {
                return code;
            }
        }
        return code;
    }

    private <T> int tried(T name, Consumer<T> action) {
        try {
            action.accept(name);
            return ExitCode.OK;
        } catch (Output.Closed e) {
            throw e;
        } catch (RuntimeException e) {
            return Problems.standard(json()).report(e);
        }
    }
}
