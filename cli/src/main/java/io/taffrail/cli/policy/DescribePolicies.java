package io.taffrail.cli.policy;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows policies with their definitions.")
final class DescribePolicies implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--operator", description = "An operator policy: limits that hold whatever users set.")
    private boolean operator;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of policies.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names,
                name -> host.describe("policy", "policy list", Map.of("operator", operator), name));
    }
}
