package io.taffrail.cli.vhost;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.cli.control.ControlOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "add", description = "Adds virtual hosts; one that is there already is left as it is, but for the default type of its queues.")
final class AddVhosts implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "VHOST", arity = "1..*", description = "Names of virtual hosts.")
    private List<String> names = List.of();

    @Option(names = "--default-queue-type", paramLabel = "TYPE", description = "Type of queues that are declared without x-queue-type and may have it: ${COMPLETION-CANDIDATES}; also for a virtual host that is there already.")
    private Optional<QueueType> defaultQueueType = Optional.empty();

    @Override
    public void run() {
        Map<String, String> fields = new LinkedHashMap<>();
        defaultQueueType.ifPresent(type -> fields.put("default-queue-type", type.argument()));
        for (String name : names) {
            fields.put("name", name);
            broker.tell("vhost add", fields);
        }
    }
}
