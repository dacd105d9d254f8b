package io.taffrail.cli.queue;

import io.taffrail.cli.control.BindingOptions;
import io.taffrail.cli.control.VhostOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "bind", description = "Binds a queue to an exchange.")
final class BindQueue implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Parameters(index = "1", paramLabel = "EXCHANGE", description = "The exchange's name.")
    private String exchange = "";

    @Mixin
    private BindingOptions binding = new BindingOptions();

    @Override
    public void run() {
        host.tell("binding create", binding.fields(exchange, queue, false),
                _ -> "bound queue " + queue + " to exchange " + exchange);
    }
}
