package io.taffrail.cli.delayed;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Drops messages that wait.")
final class CancelDelayed implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Parameters(paramLabel = "NUMBER", arity = "1..*", description = "Numbers of messages, as 'list' shows them.")
    private List<Long> numbers = List.of();

    @Override
    public void run() {
        numbers.forEach(number -> broker.tell("delayed cancel",
                Map.of("vhost", vhost, "number", number)));
    }
}
