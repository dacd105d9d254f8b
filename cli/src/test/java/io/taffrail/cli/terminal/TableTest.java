package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
}
