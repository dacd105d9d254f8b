package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.ListOptions;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.TopicAdmin.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists topics by name.")
final class ListTopics implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = {"-l",
        "--long"}, description = "Show partitions and ids as a table with a heading.")
    private boolean wide;

    @Option(names = "--internal", description = "Include the broker's own topics.")
    private boolean internal;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    public void run() {
        try (BrokerClient broker = client.connect()) {
            Consumer<Consumer<Map<?, ?>>> source = to -> broker.topics().list(internal)
                    .forEach(topic -> to.accept(object(topic)));
            if (wide) {
                list.print(output, List.of("TOPIC", "PARTITIONS", "ID"), source,
                        (table, topic) -> table.row(topic.get("name"), topic.get("partitions"),
                                topic.get("id")));
            } else {
                list.print(output, source, topic -> String.valueOf(topic.get("name")));
            }
        }
    }

    static Map<String, Object> object(Summary topic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", topic.name());
        object.put("id", topic.id());
        object.put("partitions", topic.partitions());
        object.put("internal", topic.internal());
        return object;
    }
}
