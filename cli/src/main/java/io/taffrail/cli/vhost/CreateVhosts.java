package io.taffrail.cli.vhost;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.cli.control.ControlOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", aliases = "add", description = "Creates virtual hosts; of an existing one only the default queue type is changed.")
final class CreateVhosts implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "VHOST", arity = "1..*", description = "Names of virtual hosts.")
    private List<String> names = List.of();

    @Option(names = "--default-queue-type", paramLabel = "TYPE", description = "Type of queues that are declared without x-queue-type and may have it: ${COMPLETION-CANDIDATES}; also for a virtual host that is there already.")
    private Optional<QueueType> defaultQueueType = Optional.empty();

    @Override
    public Integer call() {
        Map<String, String> fields = new LinkedHashMap<>();
        defaultQueueType.ifPresent(type -> fields.put("default_queue_type", type.argument()));
        return broker.output().each(names, name -> {
            fields.put("name", name);
            broker.tell("vhost create", fields, _ -> "created virtual host " + name);
        });
    }
}
