package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes groups that have no members, with their offsets.")
final class DeleteGroup implements Callable<Integer> {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Ids of groups.")
    private List<String> groups = List.of();

    @Override
    public Integer call() {
        try (BrokerClient broker = client.connect()) {
            return output.each(groups, group -> {
                broker.groups().delete(group);
                output.effect("deleted group " + group, Map.of("deleted", group));
            });
        }
    }
}
