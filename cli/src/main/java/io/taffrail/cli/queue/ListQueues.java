package io.taffrail.cli.queue;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ListOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists queues and streams by name, with what they hold.")
final class ListQueues implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(host.output(),
                List.of("NAME", "TYPE", "DURABLE", "READY", "UNACKED", "CONSUMERS",
                        "POLICY"),
                to -> host.ask("queue list", Map.of(), to),
                (table, queue) -> table.row(queue.get("name"), queue.get("type"),
                        queue.get("durable"),
                        queue.get("ready"), queue.get("unacknowledged"), queue.get("consumers"),
                        queue.containsKey("policy") ? queue.get("policy") : "-"));
    }
}
