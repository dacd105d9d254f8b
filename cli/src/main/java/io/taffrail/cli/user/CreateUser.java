package io.taffrail.cli.user;

import io.taffrail.cli.control.ControlOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "create", aliases = "add", description = "Creates a user without permissions. The password is asked for, or comes from a file or the environment.")
final class CreateUser implements Runnable {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The user's name.")
    private String name = "";

    /**
     * Accepted only to be refused with a message that, unlike picocli's, does not
     * repeat the password.
     */
    @Parameters(index = "1..*", hidden = true)
    private List<String> words = List.of();

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Override
    public void run() {
        Map<String, String> fields = new LinkedHashMap<>(password.field(words));
        fields.put("name", name);
        broker.tell("user create", fields, _ -> "created user " + name);
    }
}
