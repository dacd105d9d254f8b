package io.taffrail.cli.exchange;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists bindings by source and destination.")
final class ListBindings implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Option(names = "--json", description = "Print one JSON object per binding.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("SOURCE", "DESTINATION", "TYPE", "ROUTING-KEY", "ARGUMENTS");
        broker.ask("binding list", Map.of("vhost", vhost), binding -> {
            if (json) {
                out.line(Json.write(binding));
            } else {
                table.row(binding.get("source"), binding.get("destination"),
                        binding.get("destination-type"), binding.get("routing-key"),
                        Json.write(binding.get("arguments")));
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }
}
