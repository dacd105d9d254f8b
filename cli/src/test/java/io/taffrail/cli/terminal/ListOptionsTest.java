package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ListOptionsTest {

    private static final List<Map<String, Object>> QUEUES = List.of(
            Map.of("name", "orders.eu", "ready", new BigDecimal(9)),
            Map.of("name", "audit", "ready", new BigDecimal(10)),
            Map.of("name", "orders.us", "ready", new BigDecimal(100)),
            Map.of("name", "orders"));

    private static List<Object> names(String... args) {
        ListOptions options = CommandLine.populateCommand(new ListOptions(), args);
        List<Object> names = new ArrayList<>();
        options.chosen(to -> QUEUES.forEach(to), object -> names.add(object.get("name")));
        return names;
    }

    @Test
    void withoutOptionsKeepsAllInTheirOrder() {
        assertThat(names()).containsExactly("orders.eu", "audit", "orders.us", "orders");
    }

    @Test
    void filtersByTheWholeName() {
        assertThat(names("--filter", "orders.*")).containsExactly("orders.eu", "orders.us");
        assertThat(names("--filter", "orders?us")).containsExactly("orders.us");
        assertThat(names("--filter", "order")).isEmpty();
    }

    @Test
    void sortsNumbersByTheirValueAndMissingOnesFirst() {
        assertThat(names("--sort", "ready"))
                .containsExactly("orders", "orders.eu", "audit", "orders.us");
        assertThat(names("--sort=-ready"))
                .containsExactly("orders.us", "audit", "orders.eu", "orders");
        assertThat(names("--sort", "name"))
                .containsExactly("audit", "orders", "orders.eu", "orders.us");
    }

    @Test
    void refusesToSortByAFieldThatNoObjectHas() {
        assertThatThrownBy(() -> names("--sort", "size")).isInstanceOf(Failure.class)
                .hasMessageStartingWith("--sort: there is no field 'size'; there are [");
    }

    @Test
    void watchesEveryTwoSecondsUnlessToldOtherwise() {
        assertThat(watched("--watch")).isEqualTo("--watch needs a terminal");
        assertThat(watched("--watch", "5 s")).isEqualTo("--watch needs a terminal");
        assertThat(watched("--watch=1ms")).startsWith("the interval must be between");
    }

    @Test
    void watchesTextOnly() {
        assertThat(watched("--watch", "--json"))
                .isEqualTo("--watch shows text; repeat the command for JSON");
    }

    /** A list command, for its options. */
    @Command
    private static final class Lists implements Runnable {

        @Mixin
        private ListOptions list = new ListOptions();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public void run() {
            list.print(output, to -> QUEUES.forEach(to), Object::toString);
        }
    }

    private static String watched(String... args) {
        CommandLine command = new CommandLine(new Lists());
        Failure.handle(command);
        StringWriter err = new StringWriter();
        command.setErr(new PrintWriter(err, true));
        command.setExecutionExceptionHandler((failure, _, _) -> {
            err.write(String.valueOf(failure.getMessage()));
            return 1;
        });
        command.execute(args);
        return err.toString();
    }
}
