package io.taffrail.cli.connection;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ListOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists open connections by the address of the client.")
final class ListConnections implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(broker.output(),
                List.of("NAME", "PROTOCOL", "USER", "VHOST", "CLIENT-ID", "SOFTWARE"),
                to -> broker.ask("connection list", Map.of(), to),
                (table, connection) -> table.row(connection.get("name"),
                        connection.get("protocol"), shown(connection, "user"),
                        shown(connection, "vhost"), shown(connection, "client_id"),
                        shown(connection, "software")));
    }

    private static Object shown(Map<?, ?> connection, String field) {
        Object value = connection.get(field);
        return value == null ? "-" : value;
    }
}
