package io.taffrail.cli.policy;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "clear", description = "Removes policies.")
final class ClearPolicies implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--operator", description = "An operator policy: limits that hold whatever users set.")
    private boolean operator;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of policies.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> host.tell("policy clear",
                Map.of("operator", operator, "name", name)));
    }
}
