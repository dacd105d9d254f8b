package io.taffrail.cli.control;

import io.taffrail.cli.terminal.Debug;
import io.taffrail.cli.terminal.Described;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.cli.terminal.OutputOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that uses the control socket. */
public final class ControlOptions {

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "${env:TAFFRAIL_DATA_DIR:-taffrail-data}", description = "Data directory of the running broker, which only its owner may use (default: $TAFFRAIL_DATA_DIR or ./taffrail-data).")
    private Path dataDir = Path.of("taffrail-data");

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    Debug debug = new Debug();

    /** The form of output. */
    public OutputOptions output() {
        return output;
    }

    /**
     * Sends a command and passes every response to {@code answers}.
     *
     * @throws Failure
     *             if no broker answers, or the broker reports an error
     */
    public void ask(String command, Map<String, ?> fields, Consumer<Map<?, ?>> answers) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("command", command);
        request.putAll(fields);
        ControlClient.ask(dataDir.toAbsolutePath().normalize(), request, answers);
    }

    /**
     * Sends a command that changes something, and prints its effect.
     *
     * @param effect
     *            describes the response in a line of text
     * @throws Failure
     *             if the broker reports an error or stops without a response
     */
    public void tell(String command, Map<String, ?> fields, Function<Map<?, ?>, String> effect) {
        Map<?, ?> answer = only(command, fields);
        output.effect(effect.apply(answer), answer);
    }

    /**
     * Sends a command that has one response, and returns it.
     *
     * @throws Failure
     *             if the broker reports an error or stops without a response
     */
    public Map<?, ?> only(String command, Map<String, ?> fields) {
        List<Map<?, ?>> answers = new ArrayList<>();
        ask(command, fields, answers::add);
        if (answers.isEmpty()) {
            throw new Failure(ExitCode.FAILURE, "the broker stopped before it was done");
        }
        return answers.getFirst();
    }

    /**
     * Prints the object of this name among the responses to a list command.
     *
     * @param kind
     *            the kind of object, for the error message
     */
    public void describe(String kind, String command, Map<String, ?> fields, String name) {
        List<Map<?, ?>> found = new ArrayList<>();
        ask(command, fields, object -> {
            if (name.equals(object.get("name"))) {
                found.add(object);
            }
        });
        if (found.isEmpty()) {
            throw new Failure(ExitCode.NOT_FOUND, "no " + kind + " '" + name + "'");
        }
        found.forEach(object -> Described.print(output, object));
    }
}
