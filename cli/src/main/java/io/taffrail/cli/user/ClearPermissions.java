package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "clear-permissions", description = "Lets users do nothing in a virtual host any more.")
final class ClearPermissions implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--vhost", paramLabel = "VHOST", defaultValue = "/", description = "Virtual host (default: ${DEFAULT-VALUE}).")
    private String vhost = "/";

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of users.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> broker.tell("user clear-permissions",
                Map.of("vhost", vhost, "name", name)));
    }
}
