package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.kafka.client.BrokerClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes groups that have no members, with their offsets.")
final class DeleteGroup implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Ids of groups.")
    private List<String> groups = List.of();

    @Override
    public void run() {
        try (BrokerClient broker = client.connect()) {
            groups.forEach(broker.groups()::delete);
        }
    }
}
