package io.taffrail.cli.user;

import io.taffrail.cli.control.VhostOptions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "set-permissions", description = "Sets a user's permissions in a virtual host, by patterns of names.")
final class SetPermissions implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The user's name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "CONFIGURE", description = "What it may declare and delete: a regular expression, '' for nothing.")
    private String configure = "";

    @Parameters(index = "2", paramLabel = "WRITE", description = "What it may publish to.")
    private String write = "";

    @Parameters(index = "3", paramLabel = "READ", description = "What it may consume from.")
    private String read = "";

    @Override
    public void run() {
        host.tell("user set-permissions", Map.of("name", name, "configure",
                configure, "write", write, "read", read),
                _ -> "set permissions of user " + name);
    }
}
