package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.cli.terminal.Table;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists stored users and their permissions; users of the key amqp.users are not listed.")
final class ListUsers implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(broker.output(), List.of("NAME", "VHOST", "CONFIGURE", "WRITE", "READ"),
                to -> broker.ask("user list", Map.of(), to),
                ListUsers::rows);
    }

    private static void rows(Table table, Map<?, ?> user) {
        if (!(user.get("permissions") instanceof Map<?, ?> hosts) || hosts.isEmpty()) {
            table.row(user.get("name"), "-", "", "", "");
            return;
        }
        hosts.forEach((host, granted) -> {
            if (granted instanceof Map<?, ?> patterns) {
                table.row(user.get("name"), host, patterns.get("configure"),
                        patterns.get("write"), patterns.get("read"));
            }
        });
    }
}
