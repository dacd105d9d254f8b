package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.Counts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes queues with their messages and bindings.")
final class DeleteQueues implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--if-unused", description = "Only if it has no consumers.")
    private boolean ifUnused;

    @Option(names = "--if-empty", description = "Only if it has no ready messages.")
    private boolean ifEmpty;

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names, name -> host.tell("queue delete",
                Map.of("name", name, "if_unused", ifUnused, "if_empty", ifEmpty),
                answer -> "deleted queue " + name + " with "
                        + Counts.messages(answer.get("messages"))));
    }
}
