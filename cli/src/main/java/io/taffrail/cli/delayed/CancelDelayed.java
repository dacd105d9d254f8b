package io.taffrail.cli.delayed;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Drops messages that wait.")
final class CancelDelayed implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NUMBER", arity = "1..*", description = "Numbers of messages, as 'list' shows them.")
    private List<Long> numbers = List.of();

    @Override
    public void run() {
        numbers.forEach(number -> host.tell("delayed cancel",
                Map.of("number", number)));
    }
}
