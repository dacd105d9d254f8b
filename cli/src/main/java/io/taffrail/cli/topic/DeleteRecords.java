package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.cli.terminal.PartitionNames;
import io.taffrail.cli.terminal.StartPointText;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.TopicAdmin.Deletion;
import io.taffrail.net.json.Json;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete-records", description = {"Deletes the records of topics before a place.",
    "Prints the offset of the first record before and afterwards."})
final class DeleteRecords implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "TOPIC[:PARTITION]", arity = "1..*", description = "Names of topics, or single partitions of them.")
    private List<String> topics = List.of();

    @Option(names = "--before", paramLabel = "PLACE", required = true, description = StartPointText.FORMS)
    private String before = "";

    @Option(names = {"-n", "--dry-run"}, description = "Only print what would be deleted.")
    private boolean dryRun;

    @Override
    public void run() {
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            List<Deletion> deleted = broker.topics().deleteRecords(
                    PartitionNames.of(topics, broker.groups()),
                    StartPointText.parse(before, InstantSource.system(), ZoneId.systemDefault()),
                    dryRun);
            if (output.json()) {
                deleted.forEach(it -> out.line(Json.write(object(it))));
            } else {
                Table table = new Table("TOPIC", "PARTITION", "FROM", "TO");
                deleted.forEach(it -> table.row(it.partition().topic(), it.partition().index(),
                        it.from(), it.to()));
                table.print(out);
            }
            out.flush();
        }
    }

    private static Map<String, Object> object(Deletion deletion) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", deletion.partition().topic());
        object.put("partition", deletion.partition().index());
        object.put("from", deletion.from());
        object.put("to", deletion.to());
        return object;
    }
}
