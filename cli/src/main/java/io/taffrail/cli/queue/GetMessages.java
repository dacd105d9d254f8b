package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = {
    "Prints ready messages of a queue, from its front, one line each.",
    "They stay in the queue, marked as redelivered, unless --remove is given."})
final class GetMessages implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Option(names = {"-n",
        "--count"}, paramLabel = "N", defaultValue = "1", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private long count;

    @Option(names = "--remove", description = "Acknowledge each message after it was printed.")
    private boolean remove;

    @Override
    public void run() {
        if (count < 1) {
            throw Failure.usage("--count must be at least 1");
        }
        Output out = Output.standard();
        host.ask("queue get", Map.of("name", queue, "count", count, "remove", remove),
                message -> {
                    out.line(host.output().json() ? Json.write(message) : body(message));
                    out.flush();
                });
    }

    private static String body(Map<?, ?> message) {
        return String.valueOf(message.containsKey("body")
                ? message.get("body")
                : message.get("body_base64"));
    }
}
