package io.taffrail.cli.vhost;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows virtual hosts with their settings.")
final class DescribeVhosts implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "VHOST", arity = "1..*", description = "Names of virtual hosts.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return broker.output().each(names,
                name -> broker.describe("virtual host", "vhost list", Map.of(), name));
    }
}
