package io.taffrail.cli.user;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "clear-permissions", description = "Takes all permissions in a virtual host from users.")
final class ClearPermissions implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of users.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names, name -> host.tell("user clear-permissions",
                Map.of("name", name), _ -> "cleared permissions of user " + name));
    }
}
