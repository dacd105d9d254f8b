package io.taffrail.verify.broker;

import java.util.List;

/**
 * A broker that is started by a given command; also used for Taffrail. In the command's words,
 * {@code {data}}, {@code {port}} and {@code {amqp}} stand for the data directory,
 * the Kafka port and the AMQP port.
 */
public record CommandPreset(String description, List<String> words) implements Preset {

    public CommandPreset {
        words = List.copyOf(words);
    }

    /** Parses a command line: words separated by blanks, without quoting. */
    public static CommandPreset parse(String command) {
        return new CommandPreset(command, List.of(command.strip().split("\\s+")));
    }

    @Override
    public void prepare(Site site) {
        // The command creates the files that it needs.
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
