package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "purge", description = "Drops all messages of queues that wait for a consumer.")
final class PurgeQueues implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> host.tell("queue purge", Map.of("name", name)));
    }
}
