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

/** Options of every command that a running broker takes by its socket. */
public final class ControlOptions {

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "${env:TAFFRAIL_DATA_DIR:-taffrail-data}", description = "Data directory of the running broker, which only its owner may use (default: $TAFFRAIL_DATA_DIR or ./taffrail-data).")
    private Path dataDir = Path.of("taffrail-data");

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Mixin
    Debug debug = new Debug();

    /** Asks the broker, and hands every answer on. */
    public void ask(String command, Map<String, ?> fields, Consumer<Map<?, ?>> answers) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("command", command);
        request.putAll(fields);
        ControlClient.ask(dataDir.toAbsolutePath().normalize(), request, answers);
    }

    /** Asks the broker for something that it does. */
    public void tell(String command, Map<String, ?> fields) {
        List<Map<?, ?>> answers = new ArrayList<>();
        ask(command, fields, answers::add);
        if (answers.isEmpty()) {
            throw new Failure(ExitCode.FAILURE, "the broker stopped before it was done");
        }
    }
}
