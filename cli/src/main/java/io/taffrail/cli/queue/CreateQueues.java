package io.taffrail.cli.queue;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.Counts;
import io.taffrail.cli.terminal.JsonArgument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", aliases = "declare", description = "Creates durable queues; an existing one must have the same properties.")
final class CreateQueues implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--type", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES} (default: the virtual host's, else classic).")
    private Optional<QueueType> type = Optional.empty();

    @Option(names = "--transient", description = "The queue ends with the broker.")
    private boolean isTransient;

    @Option(names = "--auto-delete", description = "The queue is deleted with its last consumer.")
    private boolean autoDelete;

    @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "Optional arguments, for example {\"x-max-length\":1000}.")
    private String arguments = "{}";

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Names of queues.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        Map<String, Object> all = new LinkedHashMap<>();
        JsonArgument.object("--arguments", arguments)
                .forEach((key, value) -> all.put(String.valueOf(key), value));
        type.ifPresent(it -> all.put("x-queue-type", it.argument()));
        return host.output().each(names, name -> host.tell("queue create", Map.of("name", name,
                "transient", isTransient, "auto_delete", autoDelete, "arguments", all),
                answer -> "created queue " + name + " with "
                        + Counts.messages(answer.get("messages"))));
    }
}
