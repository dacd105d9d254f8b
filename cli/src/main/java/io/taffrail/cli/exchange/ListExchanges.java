package io.taffrail.cli.exchange;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists exchanges by name; the default exchange has none.")
final class ListExchanges implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Option(names = "--json", description = "Print one JSON object per exchange.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("NAME", "TYPE", "DURABLE", "AUTO-DELETE", "INTERNAL", "ARGUMENTS");
        broker.ask("exchange list", Map.of("vhost", vhost), exchange -> {
            if (json) {
                out.line(Json.write(exchange));
            } else {
                table.row(exchange.get("name"), exchange.get("type"), exchange.get("durable"),
                        exchange.get("auto-delete"), exchange.get("internal"),
                        Json.write(exchange.get("arguments")));
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }
}
