package io.taffrail.cli.queue;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists queues and streams by name, with what they hold.")
final class ListQueues implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Option(names = "--json", description = "Print one JSON object per queue.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("NAME", "TYPE", "DURABLE", "READY", "UNACKED", "CONSUMERS",
                "POLICY");
        broker.ask("queue list", Map.of("vhost", vhost), queue -> {
            if (json) {
                out.line(Json.write(queue));
            } else {
                table.row(queue.get("name"), queue.get("type"), queue.get("durable"),
                        queue.get("ready"), queue.get("unacknowledged"), queue.get("consumers"),
                        queue.containsKey("policy") ? queue.get("policy") : "-");
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }
}
