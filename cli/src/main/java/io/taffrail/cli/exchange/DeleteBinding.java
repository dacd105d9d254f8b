package io.taffrail.cli.exchange;

import io.taffrail.cli.control.BindingOptions;
import io.taffrail.cli.control.VhostOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Deletes a binding; it must have the same key and arguments.")
final class DeleteBinding implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The exchange that routes.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DESTINATION", description = "The queue that receives; an exchange with --to-exchange.")
    private String destination = "";

    @Option(names = "--to-exchange", description = "The destination is an exchange.")
    private boolean toExchange;

    @Mixin
    private BindingOptions binding = new BindingOptions();

    @Override
    public void run() {
        host.tell("binding delete", binding.fields(source, destination, toExchange),
                _ -> "deleted binding from " + source + " to " + destination);
    }
}
