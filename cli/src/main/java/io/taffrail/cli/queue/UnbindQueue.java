package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.JsonArgument;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "unbind", description = "Removes the binding of a queue to an exchange.")
final class UnbindQueue implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Parameters(index = "1", paramLabel = "EXCHANGE", description = "The exchange's name.")
    private String exchange = "";

    @Option(names = {"-k",
        "--key"}, paramLabel = "KEY", defaultValue = "", description = "The binding key (default: empty).")
    private String key = "";

    @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "The binding's arguments, for example {\"x-match\":\"any\",\"country\":\"at\"}.")
    private String arguments = "{}";

    @Override
    public void run() {
        host.tell("queue unbind", Map.of("name", queue, "exchange", exchange, "routing_key", key,
                "arguments", JsonArgument.object("--arguments", arguments)),
                _ -> "unbound queue " + queue + " from exchange " + exchange);
    }
}
