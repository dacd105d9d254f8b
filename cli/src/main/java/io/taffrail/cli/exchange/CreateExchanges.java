package io.taffrail.cli.exchange;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.JsonArgument;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", aliases = "declare", description = "Creates durable exchanges; an existing one must have the same properties.")
final class CreateExchanges implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = {"-t",
        "--type"}, paramLabel = "TYPE", defaultValue = "direct", description = "direct, fanout, topic, headers, or a plug-in's type (default: ${DEFAULT-VALUE}).")
    private String type = "direct";

    @Option(names = "--transient", description = "The exchange ends with the broker.")
    private boolean isTransient;

    @Option(names = "--auto-delete", description = "The exchange is deleted with its last binding.")
    private boolean autoDelete;

    @Option(names = "--internal", description = "Clients may not publish to it.")
    private boolean internal;

    @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "Optional arguments, for example {\"alternate-exchange\":\"rest\"}.")
    private String arguments = "{}";

    @Parameters(paramLabel = "EXCHANGE", arity = "1..*", description = "Names of exchanges.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        Map<?, ?> all = JsonArgument.object("--arguments", arguments);
        return host.output().each(names,
                name -> host.tell("exchange create", Map.of("name", name, "type", type,
                        "transient", isTransient, "auto_delete", autoDelete, "internal", internal,
                        "arguments", all), _ -> "created exchange " + name));
    }
}
