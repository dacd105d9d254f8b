package io.taffrail.cli.delayed;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", aliases = "cancel", description = "Deletes delayed messages, which are then not published.")
final class DeleteDelayed implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NUMBER", arity = "1..*", description = "Numbers of messages, as 'list' shows them.")
    private List<Long> numbers = List.of();

    @Override
    public Integer call() {
        return host.output().each(numbers, number -> host.tell("delayed delete",
                Map.of("number", number), _ -> "deleted delayed message " + number));
    }
}
