package io.taffrail.cli.control;

import io.taffrail.cli.terminal.Debug;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that uses the control socket. */
public final class ControlOptions {

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "${env:TAFFRAIL_DATA_DIR:-taffrail-data}", description = "Data directory of the running broker, which only its owner may use (default: $TAFFRAIL_DATA_DIR or ./taffrail-data).")
    private Path dataDir = Path.of("taffrail-data");

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Mixin
    Debug debug = new Debug();

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
     * Sends a command and discards its response.
     *
     * @throws Failure
     *             if the broker reports an error or stops without a response
     */
    public void tell(String command, Map<String, ?> fields) {
        List<Map<?, ?>> answers = new ArrayList<>();
        ask(command, fields, answers::add);
        if (answers.isEmpty()) {
            throw new Failure(ExitCode.FAILURE, "the broker stopped before it was done");
        }
    }
}
