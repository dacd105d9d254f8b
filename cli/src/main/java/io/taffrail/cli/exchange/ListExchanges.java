package io.taffrail.cli.exchange;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.net.json.Json;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists exchanges by name; the default exchange has none.")
final class ListExchanges implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(host.output(),
                List.of("NAME", "TYPE", "DURABLE", "AUTO-DELETE", "INTERNAL", "ARGUMENTS"),
                to -> host.ask("exchange list", Map.of(), to),
                (table, exchange) -> table.row(exchange.get("name"), exchange.get("type"),
                        exchange.get("durable"),
                        exchange.get("auto_delete"), exchange.get("internal"),
                        Json.write(exchange.get("arguments"))));
    }
}
