package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.TaffrailExtension;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TaffrailExtension.class)
class CommandsIT {

    private final Cli cli;

    CommandsIT(TaffrailBroker broker) {
        this.cli = new Cli(broker.bootstrap());
    }

    @Test
    void topicLivesFromCreateToDelete() throws Exception {
        assertThat(cli.run("topic", "create", "life", "-p", "2", "-c", "retention.ms=60000"))
                .isEqualTo(new Cli.Result(0, "created topic life\n", ""));
        assertThat(cli.run("topic", "create", "life", "--replication-factor", "1"))
                .isEqualTo(new Cli.Result(5, "",
                        "taffrail: create topic life: the topic exists already\n"));
        assertThat(cli.run("topic", "create", "wide", "--replication-factor", "3").code())
                .isEqualTo(2);
        assertThat(cli.run("topic", "create", "life", "--if-not-exists").code()).isZero();
        assertThat(cli.run("topic", "list").lines()).contains("life");

        assertThat(cli.run("topic", "alter", "life", "-p", "3", "--reset", "retention.ms", "-c",
                "durability=os").code()).isZero();
        String described = cli.run("topic", "describe", "life").out();
        assertThat(described).contains("durability  os\n", "PARTITION  START  END  RECORDS\n",
                "2          0      0    0\n").doesNotContain("retention.ms");

        cli.run("topic", "create", "other", "-p", "9");
        assertThat(cli.run("topic", "list", "--filter", "?ife", "--output", "json").lines())
                .singleElement().asString().startsWith("{\"name\":\"life\",");
        assertThat(cli.run("topic", "list", "--sort=-partitions").lines()).startsWith("other");
        assertThat(cli.run("topic", "delete", "nothing", "life", "--json")).isEqualTo(
                new Cli.Result(4, "{\"deleted\":\"life\"}\n", "{\"error\":{\"code\":\"not_found\","
                        + "\"message\":\"no topic 'nothing'\"}}\n"));
        assertThat(cli.run("topic", "describe", "life").code()).isEqualTo(4);
    }

    @Test
    void recordsGoThroughAPipeUnchanged() throws Exception {
        assertThat(cli.runWith("k1:é\nk2:\n", "produce", "pipe", "-k", ":", "-H", "a=b"))
                .isEqualTo(new Cli.Result(0, "", ""));
        assertThat(cli.run("consume", "pipe", "-k", "-H").out())
                .isEqualTo("k1\ta=b\té\nk2\ta=b\t\n");

        Cli.Result json = cli.run("consume", "pipe", "--json");
        assertThat(cli.runWith(json.out(), "produce", "copy", "--json").code()).isZero();
        assertThat(cli.run("consume", "copy", "--json").out())
                .isEqualTo(json.out().replace("\"pipe\"", "\"copy\""));
    }

    @Test
    void groupReadsOnceAndIsReset() throws Exception {
        cli.runWith("a\nb\nc\n", "produce", "grouped");
        assertThat(cli.run("consume", "grouped", "-g", "g").lines()).containsExactly("a", "b", "c");
        assertThat(cli.run("consume", "grouped", "-g", "g").out()).isEmpty();
        assertThat(cli.run("group", "list").lines()).contains("g");
        assertThat(cli.run("group", "describe", "g").out()).contains("state       Empty")
                .containsPattern("grouped +0 +3 +3 +0 ");

        assertThat(cli.run("group", "describe", "g", "--all").out())
                .containsPattern("setting +consumer.session.timeout.ms = \\d+ +\\(default\\)");
        assertThat(cli.run("group", "reset", "g", "--to", "beginning", "--dry-run").out())
                .containsPattern("grouped +0 +3 +0\n");
        assertThat(cli.run("group", "reset", "g", "--by", "-1").code()).isZero();
        assertThat(cli.run("consume", "grouped", "-g", "g").lines()).containsExactly("c");
        assertThat(cli.run("group", "delete", "g").code()).isZero();
        assertThat(cli.run("group", "describe", "g")).isEqualTo(
                new Cli.Result(4, "", "taffrail: no group 'g'\n"));
        assertThat(cli.run("group", "delete", "g")).isEqualTo(
                new Cli.Result(4, "", "taffrail: no group 'g'\n"));
    }

    @Test
    void consumeStartsAndEndsWhereItIsTold() throws Exception {
        cli.runWith("a\nb\nc\nd\n", "produce", "places");

        assertThat(cli.run("consume", "places", "--from", "2").lines()).containsExactly("c", "d");
        assertThat(cli.run("consume", "places", "--from", "-1").lines()).containsExactly("d");
        assertThat(cli.run("consume", "places", "--from", "1 h ago", "-n", "1").lines())
                .containsExactly("a");
        assertThat(cli.run("consume", "places", "--from", "end").out()).isEmpty();
        assertThat(cli.run("consume", "places", "--format", "%p/%o %v;", "-n", "2").out())
                .isEqualTo("0/0 a;0/1 b;");
    }

    @Test
    void recordsBeforeAPlaceAreDeleted() throws Exception {
        cli.runWith("a\nb\nc\nd\n", "produce", "shortened");

        assertThat(cli.run("topic", "delete-records", "shortened", "--before", "-1", "--dry-run")
                .out()).containsPattern("shortened +0 +0 +3\n");
        assertThat(cli.run("topic", "delete-records", "shortened:0", "--before", "2", "--json"))
                .isEqualTo(new Cli.Result(0, "{\"topic\":\"shortened\",\"partition\":0,"
                        + "\"from\":0,\"to\":2}\n", ""));
        assertThat(cli.run("consume", "shortened").lines()).containsExactly("c", "d");
        assertThat(cli.run("topic", "delete-records", "none", "--before", "end").code())
                .isEqualTo(4);
        assertThat(cli.run("topic", "delete-records", "shortened").code()).isEqualTo(2);
    }

    @Test
    void followGoesOnAndEndsQuietlyWhenNobodyReads() throws Exception {
        cli.run("topic", "create", "followed");
        Process follower = cli.start("consume", "followed", "--follow");
        try (BufferedReader lines = follower.inputReader(StandardCharsets.UTF_8)) {
            cli.runWith("one\n", "produce", "followed");
            assertThat(lines.readLine()).isEqualTo("one");
        }
        cli.runWith(IntStream.range(0, 1000).mapToObj(Integer::toString)
                .collect(Collectors.joining("\n")), "produce", "followed");

        assertThat(follower.waitFor()).isZero();
        assertThat(new String(follower.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void mistakesAreOneLineAndACode() throws Exception {
        assertThat(cli.run("consume", "nothing-here")).isEqualTo(new Cli.Result(4, "",
                "taffrail: no topic 'nothing-here'\n"));
        assertThat(cli.run("topic", "list", "-b", "127.0.0.1:1"))
                .isEqualTo(new Cli.Result(3, "",
                        "taffrail: no broker at 127.0.0.1:1: Connection refused\n"));
        assertThat(cli.run("topic", "lits").code()).isEqualTo(2);
        assertThat(cli.run("topic", "create", "wrong", "--config", "retention.ms=soon").code())
                .isEqualTo(2);
        assertThat(cli.runWith("no key\n", "produce", "t", "-k", "=").err())
                .isEqualTo("taffrail: line 1 has no '=' after a key\n");
    }
}
