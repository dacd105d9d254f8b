package io.taffrail.cli.delayed;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.json.Json;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the messages that exchanges hold back, in the order they came.")
final class ListDelayed implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Option(names = "--from", paramLabel = "NUMBER", defaultValue = "0", description = "Begin with this number (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--json", description = "Print one JSON object per message.")
    private boolean json;

    @Override
    public void run() {
        Output out = Output.standard();
        Table table = new Table("NUMBER", "DUE", "EXCHANGE", "ROUTING-KEY", "BYTES");
        broker.ask("delayed list", Map.of("vhost", vhost, "limit", limit, "from", from),
                message -> {
                    if (json) {
                        out.line(Json.write(message));
                    } else {
                        table.row(message.get("number"), time(message.get("due")),
                                message.get("exchange"), message.get("routing-key"),
                                message.get("bytes"));
                    }
                });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }

    private static Object time(@Nullable Object ms) {
        return ms instanceof BigDecimal number
                ? Instant.ofEpochMilli(number.longValue())
                : "?";
    }
}
