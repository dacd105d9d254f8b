package io.taffrail.cli.queue;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "purge", description = "Drops all messages of queues that wait for a consumer.")
final class PurgeQueues implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> broker.tell("queue purge", Map.of("vhost", vhost, "name", name)));
    }
}
