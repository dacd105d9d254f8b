package io.taffrail.cli.terminal;

import io.taffrail.log.text.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of text: columns are as wide as their widest cell and two spaces apart.
 * On a terminal the widest columns of text are shortened until a row fits into a line;
 * numbers are never shortened. Control characters are escaped ({@link Printable}).
 */
public final class Table {

    private static final int GAP = 2;
    /** Width below which no column is shortened, in characters. */
    private static final int LEAST_WIDTH = 8;
    private static final String CUT = "…";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] numbers;

    /** Creates a table with these column headings. */
    public Table(String... heads) {
        rows.add(List.of(heads));
        numbers = new boolean[heads.length];
    }

    /** Adds a row, with one cell for each column. */
    public void row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            row.add(Printable.of(cells[i]));
            numbers[i] |= cells[i] instanceof Number;
        }
        rows.add(row);
    }

    /** Prints headings and rows; does not flush {@code out}. */
    public void print(Output out) {
        int[] widths = widths();
        out.terminal().size().ifPresent(size -> fit(widths, size.columns()));
        boolean heading = true;
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = cut(row.get(i), widths[i]);
                line.append(cell).repeat(' ', widths[i] - cell.length() + GAP);
            }
            out.line(heading ? Style.HEADING : Style.PLAIN, line.toString().stripTrailing());
            heading = false;
        }
    }

    private int[] widths() {
        int[] widths = new int[numbers.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    /**
     * Shortens the widest columns until a row has {@code limit} characters, or until only numbers
     * and narrow columns are left.
     */
    private void fit(int[] widths, int limit) {
        int excess = GAP * (widths.length - 1) - limit;
        for (int width : widths) {
            excess += width;
        }
        while (excess > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (!numbers[i] && widths[i] > LEAST_WIDTH
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            excess--;
        }
    }

    private static String cut(String cell, int width) {
        if (cell.length() <= width) {
            return cell;
        }
        int end = width - CUT.length();
        return cell.substring(0, Character.isHighSurrogate(cell.charAt(end - 1)) ? end - 1 : end)
                + CUT;
    }
}
