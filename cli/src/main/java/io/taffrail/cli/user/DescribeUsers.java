package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows users with their permissions.")
final class DescribeUsers implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of users.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return broker.output().each(names,
                name -> broker.describe("user", "user list", Map.of(), name));
    }
}
