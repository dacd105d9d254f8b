package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void aNameCannotDriveTheTerminal() {
        Table table = new Table("NAME", "READY");
        table.row("evil\u001b[31m\u001b]0;owned\u0007\u001b[2K\rinvisible", 1);
        table.row("c1\u009b31mred\nfaked row", 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        table.print(out);
        out.flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("""
                NAME                                                    READY
                evil\\u001b[31m\\u001b]0;owned\\u0007\\u001b[2K\\rinvisible  1
                c1\\u009b31mred\\nfaked row                               2
                """);
    }

    @Test
    void aLineIsOneLine() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        out.line("group\n\u202eevil");
        out.flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("group\\n\\u202eevil\n");
    }

    private static String on(Terminal terminal, Table table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes, terminal);
        table.print(out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Terminal columns(int columns) {
        return new Terminal(Optional.of(new Terminal.Size(24, columns)), false);
    }

    @Test
    void aRowFitsIntoALineOfTheTerminal() {
        Table table = new Table("NAME", "READY", "CAUSE");
        table.row("orders-of-the-last-season", 1234567890123L, "the disk is full");
        assertThat(on(columns(40), table)).isEqualTo("""
                NAME         READY          CAUSE
                orders-of-…  1234567890123  the disk is…
                """);
        assertThat(on(Terminal.NONE, table)).contains("orders-of-the-last-season");
    }

    @Test
    void aNumberIsNeverCut() {
        Table table = new Table("NAME", "READY");
        table.row("orders", 123456789012345678L);
        assertThat(on(columns(20), table)).contains("123456789012345678");
    }

    @Test
    void headingsAreMarkedWhereThereAreColours() {
        Table table = new Table("NAME");
        table.row("orders");
        assertThat(on(new Terminal(Optional.empty(), true), table))
                .isEqualTo("\u001b[1mNAME\u001b[0m\norders\n");
    }
}
