package io.taffrail.cli.exchange;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.net.json.Json;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists bindings by source and destination.")
final class ListBindings implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(host.output(),
                List.of("SOURCE", "DESTINATION", "TYPE", "ROUTING-KEY", "ARGUMENTS"),
                to -> host.ask("binding list", Map.of(), to),
                (table, binding) -> table.row(binding.get("source"), binding.get("destination"),
                        binding.get("destination_type"), binding.get("routing_key"),
                        Json.write(binding.get("arguments"))));
    }
}
