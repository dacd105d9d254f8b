package io.taffrail.cli.terminal;

import io.taffrail.log.text.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of text: columns are as wide as their widest cell and two spaces apart.
 * Control characters are escaped ({@link Printable}).
 */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** Creates a table with these column headings. */
    public Table(String... heads) {
        rows.add(List.of(heads));
    }

    /** Adds a row, with one cell for each column. */
    public void row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>();
        for (@Nullable
        Object cell : cells) {
            row.add(Printable.of(cell));
        }
        rows.add(row);
    }

    /** Prints headings and rows; does not flush {@code out}. */
    public void print(Output out) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.line(line.toString().stripTrailing());
        }
    }
}
