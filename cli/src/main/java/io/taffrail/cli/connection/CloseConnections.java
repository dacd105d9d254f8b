package io.taffrail.cli.connection;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", aliases = "close", description = "Closes connections; a client may connect again.")
final class CloseConnections implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of connections, as 'list' shows them.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return broker.output().each(names, name -> broker.tell("connection delete",
                Map.of("name", name), _ -> "closed connection " + name));
    }
}
