package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.client.ClientException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputOptionsTest {

    private final OutputOptions output = new OutputOptions();
    private final List<String> tried = new ArrayList<>();

    @Test
    void goesOnAfterANameThatFails() {
        int code = output.each(List.of("a", "b", "c"), name -> {
            tried.add(name);
            if (name.equals("a")) {
                throw new Failure(ExitCode.NOT_FOUND, "no queue 'a'");
            }
            if (name.equals("b")) {
                throw new IllegalStateException("a bug");
            }
        });

        assertThat(code).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(tried).containsExactly("a", "b", "c");
    }

    @Test
    void stopsWhenNoBrokerAnswers() {
        int code = output.each(List.of("a", "b"), name -> {
            tried.add(name);
            throw new ClientException(ClientException.Reason.UNREACHABLE, "no broker");
        });

        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(tried).containsExactly("a");
    }

    @Test
    void recognizesTheWishForJsonInWordsThatDoNotParse() {
        assertThat(OutputOptions.json(List.of("queue", "lits", "--json"))).isTrue();
        assertThat(OutputOptions.json(List.of("queue", "--output", "JSON"))).isTrue();
        assertThat(OutputOptions.json(List.of("queue", "--output=json"))).isTrue();
        assertThat(OutputOptions.json(List.of("queue", "json", "--output"))).isFalse();
    }
}
