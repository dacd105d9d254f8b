package io.taffrail.verify.broker;

import java.util.List;

/**
 * Any broker that a command starts; {@code {data}}, {@code {port}} and {@code {amqp}} in its words
 * stand for the data directory and the ports. Also Taffrail.
 */
public record CommandPreset(String description, List<String> words) implements Preset {

    public CommandPreset {
        words = List.copyOf(words);
    }

    /** A command as one types it: words between blanks, without any quoting. */
    public static CommandPreset parse(String command) {
        return new CommandPreset(command, List.of(command.strip().split("\\s+")));
    }

    @Override
    public void prepare(Site site) {
        // The command makes what it needs.
    }

    @Override
    public Launch launch(Site site) {
        return Launch.of(words.stream()
                .map(word -> word.replace("{data}", site.data().toString())
                        .replace("{port}", Integer.toString(site.kafkaPort()))
                        .replace("{amqp}", Integer.toString(site.amqpPort())))
                .toList());
    }

    @Override
    public boolean kafka() {
        return words.stream().anyMatch(word -> word.contains("{port}"));
    }

    @Override
    public boolean amqp() {
        return words.stream().anyMatch(word -> word.contains("{amqp}"));
    }
}
