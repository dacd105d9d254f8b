package io.taffrail.cli.terminal;

import io.taffrail.cli.json.Json;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Options for printing a list of objects. */
public final class ListOptions {

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /**
     * Prints objects as a table, or with {@code --json} as one JSON object per line.
     *
     * @param heads
     *            column headings of the table
     * @param source
     *            passes each object to its argument
     * @param row
     *            adds an object to the table
     */
    public void print(List<String> heads, Consumer<Consumer<Map<?, ?>>> source,
            BiConsumer<Table, Map<?, ?>> row) {
        Output out = Output.standard();
        if (json) {
            source.accept(object -> out.line(Json.write(object)));
        } else {
            Table table = new Table(heads.toArray(String[]::new));
            source.accept(object -> row.accept(table, object));
            table.print(out);
        }
        out.flush();
    }
}
