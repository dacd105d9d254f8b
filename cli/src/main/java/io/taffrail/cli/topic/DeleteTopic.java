package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes topics with all their records.")
final class DeleteTopic implements Callable<Integer> {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names of topics.")
    private List<String> topics = List.of();

    @Option(names = "--if-exists", description = "Succeed if the topic does not exist.")
    private boolean ifExists;

    @Override
    public Integer call() {
        try (BrokerClient broker = client.connect()) {
            return output.each(topics, topic -> delete(broker, topic));
        }
    }

    private void delete(BrokerClient broker, String topic) {
        try {
            broker.topics().delete(topic);
            output.effect("deleted topic " + topic, Map.of("deleted", topic));
        } catch (ClientException e) {
            if (!ifExists || e.reason() != ClientException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
