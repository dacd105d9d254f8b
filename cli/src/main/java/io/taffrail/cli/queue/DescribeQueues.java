package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows queues with their properties, arguments and counts.")
final class DescribeQueues implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names,
                name -> host.describe("queue", "queue list", Map.of(), name));
    }
}
