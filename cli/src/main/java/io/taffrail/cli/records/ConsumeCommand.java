package io.taffrail.cli.records;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.StartPointText;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ReaderSettings;
import io.taffrail.kafka.client.RecordReader;
import io.taffrail.kafka.client.StoredRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the records of topics. */
@Command(name = "consume", description = {"Prints the records of topics, one line each.",
    "Ends when everything that was there at its start is printed, unless --follow is given."})
public final class ConsumeCommand implements Runnable {

    private static final Duration WAIT = Duration.ofMillis(500);

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names of topics.")
    private List<String> topics = List.of();

    @Option(names = "--from", paramLabel = "PLACE", description = "Where to start: "
            + StartPointText.FORMS + " (default: beginning; with a group: where the group is).")
    private Optional<String> from = Optional.empty();

    @Option(names = {"-p",
        "--partition"}, paramLabel = "N", split = ",", description = "Only these partitions.")
    private List<Integer> partitions = new ArrayList<>();

    @Option(names = {"-g",
        "--group"}, paramLabel = "GROUP", description = "Read as a member of this group, and commit what was printed.")
    private Optional<String> group = Optional.empty();

    @Option(names = {"-n",
        "--count"}, paramLabel = "N", description = "End after so many records.")
    private Optional<Long> count = Optional.empty();

    @Option(names = {"-f", "--follow"}, description = "Go on with records as they arrive.")
    private boolean follow;

    @Option(names = {"-k", "--keys"}, description = "Print the key before the value.")
    private boolean keys;

    @Option(names = {"-H", "--headers"}, description = "Print the headers before the value.")
    private boolean headers;

    @Option(names = "--key-separator", paramLabel = "TEXT", defaultValue = "\\t", description = "What stands between key, headers and value (default: a tab).")
    private String separator = "\\t";

    @Option(names = {"-j",
        "--json"}, description = "Print each record as one JSON object, bytes that are no UTF-8 in base64; 'produce --json' reads it.")
    private boolean json;

    @Option(names = "--format", paramLabel = "FORMAT", description = "How to print a record: "
            + RecordFormat.FIELDS + ".")
    private Optional<String> format = Optional.empty();

    @Option(names = "--null", paramLabel = "TEXT", defaultValue = "", description = "What to print for no key or value (default: nothing).")
    private String nullText = "";

    @Override
    public void run() {
        if (json && (format.isPresent() || keys || headers)) {
            throw Failure.usage("--json has all fields; it does not go with other formats");
        }
        if (group.isPresent() && !partitions.isEmpty()) {
            throw Failure.usage("--group gets its partitions from the broker, so --partition"
                    + " does not go with it");
        }
        RecordFormat shape = new RecordFormat(format.orElseGet(this::columns), nullText);
        ReaderSettings settings = new ReaderSettings(topics, partitions,
                StartPointText.parse(from.orElse("beginning"), InstantSource.system(),
                        ZoneId.systemDefault()),
                group);
        try (Interruption interruption = new Interruption();
                BrokerClient broker = client.connect();
                RecordReader reader = broker.reader(settings)) {
            interruption.wakes(reader::wake);
            copy(reader, shape, interruption);
        }
    }

    private void copy(RecordReader reader, RecordFormat shape, Interruption interruption) {
        Output out = Output.standard();
        Commits commits = new Commits(reader, InstantSource.system());
        long left = count.orElse(Long.MAX_VALUE);
        try {
            while (left > 0 && !interruption.stopped() && (follow || !reader.atEnd())) {
                List<StoredRecord> records = reader.read(WAIT);
                if (records.size() > left) {
                    records = records.subList(0, (int) left);
                }
                for (StoredRecord record : records) {
                    print(record, shape, out);
                }
                out.flush();
                left -= records.size();
                commits.printed(records);
            }
        } catch (Output.Closed e) {
            commits.now();
            throw e;
        }
        commits.now();
    }

    private void print(StoredRecord record, RecordFormat shape, Output out) {
        if (json) {
            out.line(RecordJson.write(record));
        } else {
            shape.print(record, out);
        }
    }

    private String columns() {
        StringBuilder columns = new StringBuilder();
        String between = separator.replace("%", "%%");
        if (keys) {
            columns.append("%k").append(between);
        }
        if (headers) {
            columns.append("%h").append(between);
        }
        return columns.append("%v\\n").toString();
    }
}
