package io.taffrail.cli.records;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.Header;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.RecordWriter;
import io.taffrail.kafka.client.WriterSettings;
import io.taffrail.net.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Produces records from standard input. */
@Command(name = "produce", description = {"Writes each line of standard input as one record.",
    "Prints nothing on success; it is over when the broker has acknowledged everything."})
public final class ProduceCommand implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", description = "Its name.")
    private String topic = "";

    @Option(names = {"-F",
        "--file"}, paramLabel = "FILE", description = "Read lines from a file, not from standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(names = {"-k", "--key-separator"}, paramLabel = "TEXT", description = "What stands"
            + " between key and value in a line; \\t is a tab (default: lines have no key).")
    private Optional<String> separator = Optional.empty();

    @Option(names = {"-H",
        "--header"}, paramLabel = "NAME=VALUE", description = "A header for every record.")
    private List<String> headers = new ArrayList<>();

    @Option(names = {"-p",
        "--partition"}, paramLabel = "N", description = "Write to this partition (default: by key, or spread).")
    private Optional<Integer> partition = Optional.empty();

    @Option(names = {"-j",
        "--json"}, description = "Lines are JSON objects as 'consume --json' prints them: key, value, headers, timestamp are taken.")
    private boolean json;

    @Option(names = "--keep-partitions", description = "With --json: take the partition from the line too.")
    private boolean keepPartitions;

    @Option(names = "--null", paramLabel = "TEXT", description = "A key or value that is this text is null.")
    private Optional<String> nullText = Optional.empty();

    @Option(names = {"-a",
        "--acks"}, paramLabel = "ACKS", defaultValue = "all", description = "all, 1 or 0 (default: ${DEFAULT-VALUE}).")
    private String acks = "all";

    @Option(names = {"-z",
        "--compression"}, paramLabel = "TYPE", defaultValue = "none", description = "none, gzip, snappy, lz4 or zstd (default: ${DEFAULT-VALUE}).")
    private String compression = "none";

    @Option(names = {"-v", "--verbose"}, description = "Print where each record was stored.")
    private boolean verbose;

    @Override
    public void run() {
        if (json && separator.isPresent()) {
            throw Failure.usage("--json has its own keys; it does not go with --key-separator");
        }
        if (separator.isPresent() && separator.get().isEmpty()) {
            throw Failure.usage("--key-separator must not be empty; without it lines have no key");
        }
        if (!acks.equals("all") && !acks.equals("1") && !acks.equals("0")) {
            throw Failure.usage("--acks is all, 1 or 0, not '" + acks + "'");
        }
        List<Header> given = headers.stream().map(ProduceCommand::header).toList();
        Output out = Output.standard();
        RecordWriter.Listener listener = (record, place, offset) -> {
            if (verbose) {
                out.line(place.topic() + ":" + place.index() + " " + (offset < 0 ? "-" : offset));
                out.flush();
            }
        };
        WriterSettings settings = new WriterSettings(acks, compression, Duration.ofMillis(5));
        try (InputStream in = LineSource.open(file);
                BrokerClient broker = client.connect();
                RecordWriter writer = broker.writer(settings, listener)) {
            LineSource lines = new LineSource(in);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                writer.write(record(line, lines.line(), given));
            }
            writer.flush();
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILURE, "input: " + e.getMessage(), e);
        }
    }

    private NewRecord record(byte[] line, long number, List<Header> given) {
        if (json) {
            return fromJson(line, number, given);
        }
        if (separator.isEmpty()) {
            return new NewRecord(topic, partition.orElse(null), null, null, orNull(line), given);
        }
        byte[] between = separator.get().replace("\\t", "\t").getBytes(StandardCharsets.UTF_8);
        int at = find(between, line);
        if (at < 0) {
            throw new Failure(ExitCode.FAILURE,
                    "line " + number + " has no '" + separator.get() + "' after a key");
        }
        return new NewRecord(topic, partition.orElse(null), null,
                orNull(Arrays.copyOf(line, at)),
                orNull(Arrays.copyOfRange(line, at + between.length, line.length)), given);
    }

    private NewRecord fromJson(byte[] line, long number, List<Header> given) {
        try {
            NewRecord read = RecordJson.read(new String(line, StandardCharsets.UTF_8), topic,
                    keepPartitions);
            List<Header> all = new ArrayList<>(read.headers());
            all.addAll(given);
            return new NewRecord(topic, partition.orElse(read.partition()), read.timestamp(),
                    read.key(), read.value(), all);
        } catch (JsonException e) {
            throw new Failure(ExitCode.FAILURE, "line " + number + ": " + e.getMessage(), e);
        }
    }

    private byte @Nullable [] orNull(byte[] bytes) {
        return nullText.isPresent()
                && Arrays.equals(bytes, nullText.get().getBytes(StandardCharsets.UTF_8))
                        ? null
                        : bytes;
    }

    private static int find(byte[] wanted, byte[] in) {
        for (int at = 0; at + wanted.length <= in.length; at++) {
            if (Arrays.mismatch(wanted, 0, wanted.length, in, at, at + wanted.length) < 0) {
                return at;
            }
        }
        return -1;
    }

    private static Header header(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw Failure.usage("--header " + text + " is not NAME=VALUE");
        }
        return new Header(text.substring(0, equals),
                text.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
    }
}
