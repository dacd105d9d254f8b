package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.GroupAdmin.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists groups by id.")
final class ListGroups implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = {"-l",
        "--long"}, description = "Show type and state as a table with a heading.")
    private boolean wide;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        try (BrokerClient broker = client.connect()) {
            Consumer<Consumer<Map<?, ?>>> source = to -> broker.groups().list()
                    .forEach(group -> to.accept(object(group)));
            if (wide) {
                list.print(output, List.of("GROUP", "TYPE", "STATE"), source,
                        (table, group) -> table.row(group.get("name"), group.get("type"),
                                group.get("state")));
            } else {
                list.print(output, source, group -> String.valueOf(group.get("name")));
            }
        }
    }

    static Map<String, Object> object(Summary group) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", group.id());
        object.put("type", group.type());
        object.put("state", group.state());
        return object;
    }
}
