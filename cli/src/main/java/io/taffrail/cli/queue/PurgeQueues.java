package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.Counts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "purge", description = "Deletes the ready messages of queues; unacknowledged ones stay.")
final class PurgeQueues implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names, name -> host.tell("queue purge", Map.of("name", name),
                answer -> "purged " + Counts.messages(answer.get("messages")) + " from queue "
                        + name));
    }
}
