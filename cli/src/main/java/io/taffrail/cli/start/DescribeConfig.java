package io.taffrail.cli.start;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ListOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "describe", description = {
    "Shows the settings in force of the running broker, and where each comes from.",
    "Values of secrets are not shown. Settings of topics and groups: 'topic describe', 'group describe'."})
final class DescribeConfig implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = {"-a", "--all"}, description = "Show settings that have their default too.")
    private boolean all;

    @Override
    public void run() {
        list.print(broker.output(), List.of("KEY", "VALUE", "ORIGIN"),
                to -> broker.ask("config list", Map.of(), setting -> {
                    if (all || Boolean.TRUE.equals(setting.get("set"))) {
                        to.accept(setting);
                    }
                }),
                (table, setting) -> table.row(setting.get("name"), setting.get("value"),
                        setting.get("origin")));
    }
}
