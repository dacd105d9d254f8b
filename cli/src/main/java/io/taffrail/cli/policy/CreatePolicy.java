package io.taffrail.cli.policy;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.JsonArgument;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", aliases = "set", description = "Creates or replaces a policy for the queues and exchanges whose name contains a match of a pattern.")
final class CreatePolicy implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Option(names = "--operator", description = "An operator policy: limits that hold whatever users set.")
    private boolean operator;

    @Option(names = "--priority", paramLabel = "N", defaultValue = "0", description = "Of the policies that match, the highest applies (default: ${DEFAULT-VALUE}).")
    private long priority;

    @Option(names = "--apply-to", paramLabel = "KIND", defaultValue = "all", description = "queues, classic_queues, quorum_queues, streams, exchanges or all (default: ${DEFAULT-VALUE}).")
    private String applyTo = "all";

    @Parameters(index = "0", paramLabel = "NAME", description = "The policy's name; one of this name is replaced.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PATTERN", description = "A regular expression, for example ^orders[.].")
    private String pattern = "";

    @Parameters(index = "2", paramLabel = "DEFINITION", description = "A JSON object, for example {\"max-length\":1000}.")
    private String definition = "";

    @Override
    public void run() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("operator", operator);
        fields.put("name", name);
        fields.put("pattern", pattern);
        fields.put("priority", priority);
        fields.put("apply_to", applyTo);
        fields.put("definition", JsonArgument.object("DEFINITION", definition));
        host.tell("policy create", fields, _ -> "created policy " + name);
    }
}
