package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.cli.terminal.SettingLines;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.TopicAdmin.Detail;
import io.taffrail.kafka.client.TopicAdmin.Partition;
import io.taffrail.net.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows a topic's partitions, offsets and settings.")
final class DescribeTopic implements Callable<Integer> {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names of topics.")
    private List<String> topics = List.of();

    @Option(names = {"-a", "--all"}, description = "Show settings that have their default too.")
    private boolean all;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            return output.each(topics, topic -> {
                Detail detail = broker.topics().describe(topic);
                if (output.json()) {
                    out.line(Json.write(object(detail)));
                } else {
                    text(detail, out);
                }
                out.flush();
            });
        }
    }

    private void text(Detail detail, Output out) {
        out.line("topic       " + detail.topic().name());
        out.line("id          " + detail.topic().id());
        detail.settings().stream().filter(setting -> setting.name().equals("durability"))
                .forEach(setting -> out.line("durability  " + setting.value()));
        new SettingLines(detail.settings()).print(all, out);
        Table table = new Table("PARTITION", "START", "END", "RECORDS");
        for (Partition partition : detail.partitions()) {
            table.row(partition.index(), partition.start(), partition.end(),
                    partition.end() - partition.start());
        }
        table.print(out);
    }

    private static Map<String, Object> object(Detail detail) {
        Map<String, Object> object = ListTopics.object(detail.topic());
        object.put("partitions", detail.partitions().stream().map(partition -> {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("partition", partition.index());
            described.put("leader", partition.leader());
            described.put("start", partition.start());
            described.put("end", partition.end());
            return described;
        }).toList());
        new SettingLines(detail.settings()).put(object);
        return object;
    }
}
