package io.taffrail.cli.terminal;

import io.taffrail.net.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for printing a list of objects, which are maps with the fields of their JSON. */
public final class ListOptions {

    @Option(names = "--filter", paramLabel = "PATTERN", description = "Only those whose name matches; * stands for any text, ? for one character.")
    private Optional<String> filter = Optional.empty();

    @Option(names = "--sort", paramLabel = "FIELD", description = "Sort by a field of the JSON object, descending if it is written -FIELD.")
    private Optional<String> sort = Optional.empty();

    @Option(names = "--watch", paramLabel = "INTERVAL", arity = "0..1", fallbackValue = "2s", description = "Show the list again and again, on a terminal, until Ctrl-C (every 2 seconds if no interval is given).")
    private Optional<Duration> watch = Optional.empty();

    /**
     * Prints objects as a table, or as one JSON object per line.
     *
     * @param heads
     *            column headings of the table
     * @param source
     *            passes each object to its argument; called again for each {@code --watch}
     * @param row
     *            adds an object to the table
     */
    public void print(OutputOptions output, List<String> heads,
            Consumer<Consumer<Map<?, ?>>> source, BiConsumer<Table, Map<?, ?>> row) {
        if (output.json()) {
            print(output, source, _ -> "");
            return;
        }
        show(output, out -> {
            Table table = new Table(heads.toArray(String[]::new));
            chosen(source, object -> row.accept(table, object));
            table.print(out);
        });
    }

    /** Prints one line for each object: the text of {@code line}, or the object in JSON. */
    public void print(OutputOptions output, Consumer<Consumer<Map<?, ?>>> source,
            Function<Map<?, ?>, String> line) {
        show(output, out -> chosen(source,
                object -> out.line(output.json() ? Json.write(object) : line.apply(object))));
    }

    private void show(OutputOptions output, Consumer<Output> view) {
        if (watch.isPresent()) {
            if (output.json()) {
                throw Failure.usage("--watch shows text; repeat the command for JSON");
            }
            Screen.show("--watch", watch.get(), view);
            return;
        }
        Output out = Output.standard();
        view.accept(out);
        out.flush();
    }

    /** Passes on the objects that match the filter, in the wanted order. */
    void chosen(Consumer<Consumer<Map<?, ?>>> source, Consumer<Map<?, ?>> to) {
        Optional<Glob> glob = filter.map(Glob::new);
        Consumer<Consumer<Map<?, ?>>> matching = next -> source.accept(object -> {
            if (glob.isEmpty() || matches(glob.get(), object)) {
                next.accept(object);
            }
        });
        if (sort.isEmpty()) {
            matching.accept(to);
            return;
        }
        List<Map<?, ?>> all = new ArrayList<>();
        matching.accept(all::add);
        boolean descending = sort.get().startsWith("-");
        String field = descending ? sort.get().substring(1) : sort.get();
        if (!all.isEmpty() && all.stream().noneMatch(it -> it.containsKey(field))) {
            throw Failure.usage("--sort: there is no field '" + field + "'; there are "
                    + all.getFirst().keySet());
        }
        Comparator<Map<?, ?>> order = Comparator.comparing(it -> it.get(field),
                Comparator.nullsFirst(ListOptions::compare));
        all.sort(descending ? order.reversed() : order);
        all.forEach(to);
    }

    /** An object without a name of its own, such as a binding, matches by what it connects. */
    private static boolean matches(Glob glob, Map<?, ?> object) {
        return List.of("name", "source", "destination", "exchange").stream()
                .anyMatch(field -> object.get(field) instanceof String name
                        && glob.matches(name));
    }

    private static int compare(@Nullable Object one, @Nullable Object other) {
        String left = String.valueOf(one);
        String right = String.valueOf(other);
        return one instanceof Number && other instanceof Number
                ? new BigDecimal(left).compareTo(new BigDecimal(right))
                : left.compareTo(right);
    }
}
