package io.taffrail.cli.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that concern one virtual host of a running broker. */
public final class VhostOptions {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    /** As {@link ControlOptions#ask}. */
    public void ask(String command, Map<String, ?> fields, Consumer<Map<?, ?>> answers) {
        broker.ask(command, here(fields), answers);
    }

    /** As {@link ControlOptions#tell}. */
    public void tell(String command, Map<String, ?> fields) {
        broker.tell(command, here(fields));
    }

    private Map<String, Object> here(Map<String, ?> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("vhost", vhost);
        return all;
    }
}
