package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.cli.terminal.PartitionNames;
import io.taffrail.cli.terminal.StartPointText;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.GroupAdmin;
import io.taffrail.kafka.client.GroupAdmin.Change;
import io.taffrail.kafka.client.PartitionRef;
import io.taffrail.net.json.Json;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "reset", description = {"Moves a group's committed offsets.",
    "The group must have no members. Prints what changes."})
final class ResetGroup implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "GROUP", description = "Its id; a new one is made.")
    private String group = "";

    @Option(names = {"-t",
        "--topic"}, paramLabel = "TOPIC[:PARTITION]", description = "What to reset (default: all that the group has committed).")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--to", paramLabel = "PLACE", description = StartPointText.FORMS)
    private Optional<String> to = Optional.empty();

    @Option(names = "--by", paramLabel = "N", description = "Move by so many records; negative for back.")
    private Optional<Long> by = Optional.empty();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = {"-n", "--dry-run"}, description = "Only print what would change.")
    private boolean dryRun;

    @Override
    public void run() {
        if (to.isPresent() == by.isPresent()) {
            throw Failure.usage("give either --to PLACE or --by N");
        }
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            GroupAdmin groups = broker.groups();
            List<PartitionRef> partitions = PartitionNames.of(topics, groups);
            List<Change> changes = by.isPresent()
                    ? groups.shift(group, partitions, by.get(), dryRun)
                    : groups.reset(group, partitions, StartPointText.parse(to.orElseThrow(),
                            InstantSource.system(), ZoneId.systemDefault()), dryRun);
            if (changes.isEmpty()) {
                throw new Failure(ExitCode.NOT_FOUND, "group '" + group + "'"
                        + " has committed nothing; say with --topic what to reset");
            }
            if (output.json()) {
                changes.forEach(change -> out.line(Json.write(object(change))));
            } else {
                Table table = new Table("TOPIC", "PARTITION", "FROM", "TO");
                changes.forEach(change -> table.row(change.partition().topic(),
                        change.partition().index(), DescribeGroup.shown(change.from()),
                        change.to()));
                table.print(out);
            }
            out.flush();
        }
    }

    private static Map<String, @Nullable Object> object(Change change) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("topic", change.partition().topic());
        object.put("partition", change.partition().index());
        object.put("from", DescribeGroup.number(change.from()));
        object.put("to", change.to());
        return object;
    }
}
