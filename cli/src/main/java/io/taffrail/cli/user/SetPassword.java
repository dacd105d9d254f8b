package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "set-password", description = "Gives a user another password.")
final class SetPassword implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The user's name.")
    private String name = "";

    @Option(names = "--password", arity = "0..1", interactive = true, required = true, paramLabel = "PASSWORD", description = "The password; without a value it is asked for.")
    private String password = "";

    @Override
    public void run() {
        broker.tell("user set-password", Map.of("name", name, "password", password));
    }
}
