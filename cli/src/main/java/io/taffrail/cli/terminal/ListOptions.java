package io.taffrail.cli.terminal;

import io.taffrail.cli.json.Json;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a list of objects is printed. */
public final class ListOptions {

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /**
     * Prints them, as a table or each as it is.
     *
     * @param source
     *            hands over one after the other
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
