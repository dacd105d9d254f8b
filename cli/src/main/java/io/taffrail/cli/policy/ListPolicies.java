package io.taffrail.cli.policy;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.net.json.Json;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists policies, the highest priority first.")
final class ListPolicies implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--operator", description = "An operator policy: limits that hold whatever users set.")
    private boolean operator;

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        list.print(host.output(), List.of("NAME", "PATTERN", "APPLY-TO", "PRIORITY", "DEFINITION"),
                to -> host.ask("policy list", Map.of("operator", operator), to),
                (table, policy) -> table.row(policy.get("name"), policy.get("pattern"),
                        policy.get("apply_to"),
                        policy.get("priority"), Json.write(policy.get("definition"))));
    }
}
