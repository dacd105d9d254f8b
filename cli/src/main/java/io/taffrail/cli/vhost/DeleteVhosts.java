package io.taffrail.cli.vhost;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes virtual hosts with all their exchanges, queues and messages.")
final class DeleteVhosts implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(paramLabel = "VHOST", arity = "1..*", description = "Names of virtual hosts.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return broker.output().each(names, name -> broker.tell("vhost delete",
                Map.of("name", name), _ -> "deleted virtual host " + name));
    }
}
