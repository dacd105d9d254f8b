package io.taffrail.cli;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a completion script for a shell. */
@Command(name = "completion", description = {"Prints a completion script for a shell.",
    "bash: source <(taffrail completion bash)", "zsh:  source <(taffrail completion zsh)"})
final class CompletionCommand implements Callable<Integer> {

    /** Supported shells. */
    enum Shell {
        bash, zsh
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell = Shell.bash;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        // The script works in both shells: in zsh it loads zsh's emulation of bash completion.
        String script = AutoComplete.bash("taffrail", Main.commandLine());
        System.out.print("# " + shell + " completion for taffrail\n" + script);
        return ExitCode.OK;
    }
}
