package io.taffrail.cli.terminal;

import io.taffrail.net.json.Json;
import java.util.Collection;
import java.util.Map;

/** Prints one object of a broker: a line for each field, or the object in JSON. */
public final class Described {

    private static final int NAME_COLUMNS = 20;

    private Described() {}

    /** Prints an object with the fields of its JSON. */
    public static void print(OutputOptions output, Map<?, ?> object) {
        Output out = Output.standard();
        if (output.json()) {
            out.line(Json.write(object));
        } else {
            object.forEach((name, value) -> out.line(("%-" + NAME_COLUMNS + "s%s").formatted(
                    String.valueOf(name).replace('_', ' '),
                    value instanceof Map || value instanceof Collection
                            ? Json.write(value)
                            : value)));
        }
        out.flush();
    }
}
