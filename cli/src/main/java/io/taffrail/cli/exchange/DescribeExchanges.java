package io.taffrail.cli.exchange;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows exchanges with their properties and arguments.")
final class DescribeExchanges implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "EXCHANGE", arity = "1..*", description = "Names of exchanges.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names,
                name -> host.describe("exchange", "exchange list", Map.of(), name));
    }
}
