package io.taffrail.cli.user;

import io.taffrail.broker.user.PasswordHash;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.cli.terminal.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "hash", description = "Prints the hash of a password for the setting amqp.users, or for --hashed; asks no broker.")
final class HashPassword implements Runnable {

    /**
     * Accepted only to be refused with a message that, unlike picocli's, does not
     * repeat the password.
     */
    @Parameters(index = "0..*", hidden = true)
    private List<String> words = List.of();

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public void run() {
        Output out = Output.standard();
        out.line(PasswordHash.of(password.text(words)).text());
        out.flush();
    }
}
