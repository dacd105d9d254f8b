package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists users and what they may do; those of amqp.users are not among them.")
final class ListUsers implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--json", description = "Print one JSON object per user.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("NAME", "VHOST", "CONFIGURE", "WRITE", "READ");
        broker.ask("user list", Map.of(), user -> {
            if (json) {
                out.line(Json.write(user));
            } else {
                rows(table, user);
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
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
