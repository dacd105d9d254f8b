package io.taffrail.cli.user;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "clear-permissions", description = "Lets users do nothing in a virtual host any more.")
final class ClearPermissions implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of users.")
    private List<String> names = List.of();

    @Override
    public void run() {
        names.forEach(name -> host.tell("user clear-permissions",
                Map.of("name", name)));
    }
}
