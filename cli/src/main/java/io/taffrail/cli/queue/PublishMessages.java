package io.taffrail.cli.queue;

import io.taffrail.cli.control.ControlSocket;
import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.records.LineSource;
import io.taffrail.cli.terminal.Counts;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "publish", description = {
    "Publishes each line of standard input as one message to a queue.",
    "Ends when all are durable; with exit code 11 if a message was not routed or a queue refused it."})
final class PublishMessages implements Callable<Integer> {

    /** Bytes of bodies in a request; in base64 they fill two thirds of the longest request. */
    private static final int BATCH_BYTES = ControlSocket.LINE_CHARS / 2;
    private static final int BATCH_MESSAGES = 1000;

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name; with --exchange the routing key.")
    private String key = "";

    @Option(names = {"-e",
        "--exchange"}, paramLabel = "EXCHANGE", defaultValue = "", description = "Publish to this exchange (default: the default exchange, which routes to the queue).")
    private String exchange = "";

    @Option(names = {"-F",
        "--file"}, paramLabel = "FILE", description = "Read lines from a file, not from standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(names = {"-H",
        "--header"}, paramLabel = "NAME=VALUE", description = "A header, with a text, for every message.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--transient", description = "The messages need not survive a restart of the broker.")
    private boolean isTransient;

    private long published;
    private long unrouted;
    private long rejected;

    @Override
    public Integer call() {
        try (InputStream in = LineSource.open(file)) {
            LineSource lines = new LineSource(in);
            List<String> batch = new ArrayList<>();
            int bytes = 0;
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > BATCH_BYTES) {
                    throw new Failure(ExitCode.USAGE, "line " + lines.line() + " is longer than "
                            + BATCH_BYTES + " bytes");
                }
                if (bytes + line.length > BATCH_BYTES || batch.size() == BATCH_MESSAGES) {
                    send(batch);
                    batch.clear();
                    bytes = 0;
                }
                batch.add(Base64.getEncoder().encodeToString(line));
                bytes += line.length;
            }
            if (!batch.isEmpty()) {
                send(batch);
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILURE, "input: " + e.getMessage(), e);
        }
        return told();
    }

    private void send(List<String> bodies) {
        Map<?, ?> answer = host.only("queue publish", Map.of("exchange", exchange, "routing_key",
                key, "headers", headers, "transient", isTransient, "bodies", bodies));
        published += count(answer, "published");
        unrouted += count(answer, "unrouted");
        rejected += count(answer, "rejected");
    }

    private static long count(Map<?, ?> answer, String name) {
        return answer.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private int told() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("published", published);
        object.put("unrouted", unrouted);
        object.put("rejected", rejected);
        host.output().effect("published " + Counts.messages(published), object);
        if (unrouted + rejected > 0) {
            throw new Failure(ExitCode.REFUSED, unrouted + " not routed to a queue, " + rejected
                    + " refused by a queue");
        }
        return ExitCode.OK;
    }
}
