package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes topics with all their records.")
final class DeleteTopic implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names of topics.")
    private List<String> topics = List.of();

    @Option(names = "--if-exists", description = "Succeed if the topic is not there.")
    private boolean ifExists;

    @Override
    public void run() {
        try (BrokerClient broker = client.connect()) {
            for (String topic : topics) {
                delete(broker, topic);
            }
        }
    }

    private void delete(BrokerClient broker, String topic) {
        try {
            broker.topics().delete(topic);
        } catch (ClientException e) {
            if (!ifExists || e.reason() != ClientException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
