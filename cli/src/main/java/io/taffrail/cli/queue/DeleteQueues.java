package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes queues with their messages and bindings.")
final class DeleteQueues implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--if-unused", description = "Only if nobody consumes from it.")
    private boolean ifUnused;

    @Option(names = "--if-empty", description = "Only if no message waits in it.")
    private boolean ifEmpty;

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> host.tell("queue delete", Map.of("name", name,
                "if-unused", ifUnused, "if-empty", ifEmpty)));
    }
}
