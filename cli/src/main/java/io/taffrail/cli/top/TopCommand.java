package io.taffrail.cli.top;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the process, topics and queues of a running broker live, until Ctrl-C. */
@Command(name = "top", description = {"Shows the running broker live on a terminal, until Ctrl-C.",
    "The busiest topics and queues come first. IN/S are messages stored per second; OUT/S, of queues,"
            + " those that were settled, expired or purged."})
public final class TopCommand implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--interval", paramLabel = "INTERVAL", defaultValue = "2s", description = "Time between two drawings (default: ${DEFAULT-VALUE}).")
    private Duration interval = Duration.ofSeconds(2);

    /** The drawing before, for rates. */
    private @Nullable LoadSample before;

    @Override
    public void run() {
        if (broker.output().json()) {
            throw Failure.usage("top shows text; 'status --json' has the numbers");
        }
        Screen.show("top", interval, this::draw);
    }

    private void draw(Output out) {
        List<Map<?, ?>> objects = new ArrayList<>();
        Map<?, ?> status = broker.only("status", Map.of());
        broker.ask("load list", Map.of(), objects::add);
        LoadSample now = LoadSample.of(System.nanoTime(), status, objects);
        new TopView(before, now).print(out);
        before = now;
    }
}
