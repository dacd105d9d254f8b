package io.taffrail.cli.delayed;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ListOptions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the messages that exchanges delay, in the order they came.")
final class ListDelayed implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Option(names = "--from", paramLabel = "NUMBER", defaultValue = "0", description = "Begin with this number (default: ${DEFAULT-VALUE}).")
    private long from;

    @Override
    public void run() {
        list.print(host.output(), List.of("NUMBER", "DUE", "EXCHANGE", "ROUTING-KEY", "BYTES"),
                to -> host.ask("delayed list", Map.of("limit", limit, "from", from), to),
                (table, message) -> table.row(message.get("number"), time(message.get("due_at_ms")),
                        message.get("exchange"), message.get("routing_key"),
                        message.get("bytes")));
    }

    private static Object time(@Nullable Object ms) {
        return ms instanceof BigDecimal number
                ? Instant.ofEpochMilli(number.longValue())
                : "?";
    }
}
