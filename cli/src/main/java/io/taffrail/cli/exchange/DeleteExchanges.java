package io.taffrail.cli.exchange;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes exchanges with their bindings.")
final class DeleteExchanges implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--if-unused", description = "Only if it has no bindings.")
    private boolean ifUnused;

    @Parameters(paramLabel = "EXCHANGE", arity = "1..*", description = "Names of exchanges.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names, name -> host.tell("exchange delete",
                Map.of("name", name, "if_unused", ifUnused), _ -> "deleted exchange " + name));
    }
}
