package io.taffrail.cli.vhost;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ListOptions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists virtual hosts by name.")
final class ListVhosts implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(broker.output(), to -> broker.ask("vhost list", Map.of(), to),
                host -> String.valueOf(host.get("name")));
    }
}
