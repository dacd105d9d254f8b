package io.taffrail.cli.control;

import io.taffrail.cli.terminal.JsonArgument;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that tell one binding between two objects from the others. */
public final class BindingOptions {

    @Option(names = {"-k",
        "--key"}, paramLabel = "KEY", defaultValue = "", description = "The binding key (default: empty).")
    private String key = "";

    @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "The binding's arguments, for example {\"x-match\":\"any\",\"country\":\"at\"}.")
    private String arguments = "{}";

    /**
     * Fields of a request for the binding.
     *
     * @param toExchange
     *            true if the destination is an exchange, false if it is a queue
     */
    public Map<String, Object> fields(String source, String destination, boolean toExchange) {
        return Map.of("exchange", source, "name", destination, "to_exchange", toExchange,
                "routing_key", key, "arguments", JsonArgument.object("--arguments", arguments));
    }
}
