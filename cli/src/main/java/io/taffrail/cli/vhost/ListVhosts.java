package io.taffrail.cli.vhost;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists virtual hosts by name.")
final class ListVhosts implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--json", description = "Print one JSON object per virtual host.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        broker.ask("vhost list", Map.of(), host -> out.line(json
                ? Json.write(host)
                : String.valueOf(host.get("name"))));
        out.flush();
    }
}
