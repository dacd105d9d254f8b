package io.taffrail.cli.policy;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists policies, the highest priority first.")
final class ListPolicies implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Option(names = "--operator", description = "An operator policy: limits that hold whatever users set.")
    private boolean operator;

    @Option(names = "--json", description = "Print one JSON object per policy.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("NAME", "PATTERN", "APPLY-TO", "PRIORITY", "DEFINITION");
        broker.ask("policy list", Map.of("vhost", vhost, "operator", operator), policy -> {
            if (json) {
                out.line(Json.write(policy));
            } else {
                table.row(policy.get("name"), policy.get("pattern"), policy.get("apply-to"),
                        policy.get("priority"), Json.write(policy.get("definition")));
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }
}
