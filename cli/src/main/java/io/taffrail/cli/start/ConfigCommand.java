package io.taffrail.cli.start;

import io.taffrail.cli.config.ConfigReference;
import io.taffrail.cli.server.Configuration;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.cli.terminal.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists all configuration keys. */
@Command(name = "config", description = "Lists every configuration key with its type, default and meaning.", subcommands = DescribeConfig.class)
public final class ConfigCommand implements Runnable {

    /** Output formats. */
    enum Format {
        text, markdown, json
    }

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    @Override
    public void run() {
        ConfigReference reference = new ConfigReference(Configuration.catalog());
        Output out = Output.standard();
        out.print(switch (format) {
            case text -> reference.text();
            case markdown -> reference.markdown();
            case json -> reference.json();
        });
        out.flush();
    }
}
