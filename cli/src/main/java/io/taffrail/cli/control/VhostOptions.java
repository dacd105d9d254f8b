package io.taffrail.cli.control;

import io.taffrail.cli.terminal.OutputOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that concern one virtual host of a running broker. */
public final class VhostOptions {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    /** The form of output. */
    public OutputOptions output() {
        return broker.output();
    }

    /** As {@link ControlOptions#ask}. */
    public void ask(String command, Map<String, ?> fields, Consumer<Map<?, ?>> answers) {
        broker.ask(command, here(fields), answers);
    }

    /** As {@link ControlOptions#tell}. */
    public void tell(String command, Map<String, ?> fields, Function<Map<?, ?>, String> effect) {
        broker.tell(command, here(fields), effect);
    }

    /** As {@link ControlOptions#only}. */
    public Map<?, ?> only(String command, Map<String, ?> fields) {
        return broker.only(command, here(fields));
    }

    /** As {@link ControlOptions#describe}. */
    public void describe(String kind, String command, Map<String, ?> fields, String name) {
        broker.describe(kind, command, here(fields), name);
    }

    private Map<String, Object> here(Map<String, ?> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("vhost", vhost);
        return all;
    }
}
