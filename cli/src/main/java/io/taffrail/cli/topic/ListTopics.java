package io.taffrail.cli.topic;

import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.TopicAdmin.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Option(names = "--json", description = "Print one JSON object per topic.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            List<Summary> topics = broker.topics().list(internal);
            if (json) {
                topics.forEach(topic -> out.line(Json.write(object(topic))));
            } else if (wide) {
                Table table = new Table("TOPIC", "PARTITIONS", "ID");
                topics.forEach(topic -> table.row(topic.name(), topic.partitions(), topic.id()));
                table.print(out);
            } else {
                topics.forEach(topic -> out.line(topic.name()));
            }
            out.flush();
        }
    }

    static Map<String, Object> object(Summary topic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", topic.name());
        object.put("id", topic.id());
        object.put("partitions", topic.partitions());
        object.put("internal", topic.internal());
        return object;
    }
}
