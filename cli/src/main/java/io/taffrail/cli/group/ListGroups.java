package io.taffrail.cli.group;

import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.GroupAdmin.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Option(names = "--json", description = "Print one JSON object per group.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            List<Summary> groups = broker.groups().list();
            if (json) {
                groups.forEach(group -> out.line(Json.write(object(group))));
            } else if (wide) {
                Table table = new Table("GROUP", "TYPE", "STATE");
                groups.forEach(group -> table.row(group.id(), group.type(), group.state()));
                table.print(out);
            } else {
                groups.forEach(group -> out.line(group.id()));
            }
            out.flush();
        }
    }

    static Map<String, Object> object(Summary group) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", group.id());
        object.put("type", group.type());
        object.put("state", group.state());
        return object;
    }
}
