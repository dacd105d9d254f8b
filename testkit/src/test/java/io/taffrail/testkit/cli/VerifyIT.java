package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code taffrail verify} against Taffrail itself, with faults that need no root privileges. */
class VerifyIT {

    private final Cli cli = new Cli("127.0.0.1:1");

    @TempDir
    Path dir = Path.of(".");

    @Test
    void findsNothingWhateverEndsTheProcess() throws Exception {
        Path history = dir.resolve("history.jsonl");
        Cli.Result result = cli.run("verify", "--broker", "taffrail", "--faults",
                "kill,stop,restart", "--fault-every", "500 ms", "--fault-hold", "500 ms",
                "--duration", "6 s", "--rate", "2000", "--history", history.toString());

        assertThat(result.out()).as(result.err()).endsWith("verdict  no anomaly\n");
        assertThat(result.code()).isZero();

        Cli.Result again = cli.run("verify", "check", history.toString());
        assertThat(again.out().lines().skip(1))
                .containsExactlyElementsOf(result.out().lines().skip(1).toList());
        assertThat(again.code()).isZero();
    }

    @Test
    void findsWhatABrokerLosesThatKeepsNothing() throws Exception {
        Path report = dir.resolve("report.json");
        Cli.Result result = cli.run("verify", "--broker", "taffrail", "--set",
                "log.durability=memory", "--faults", "restart", "--fault-every", "500 ms",
                "--duration", "1 s", "--rate", "2000", "--report", report.toString());

        assertThat(result.out()).as(result.err()).contains(" is gone").contains("verdict  broken");
        assertThat(result.code()).isEqualTo(1);
        assertThat(Files.readString(report)).contains("\"faults\":1,\"lost\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "bank"})
    void findsNothingInTransactionsWhateverEndsTheProcess(String workload) throws Exception {
        Path history = dir.resolve("history.jsonl");
        Cli.Result result = cli.run("verify", "--broker", "taffrail", "--workload", workload,
                "--faults", "kill,stop", "--fault-every", "1 s", "--fault-hold", "500 ms",
                "--duration", "4 s", "--rate", "300", "--history", history.toString());

        assertThat(result.out()).as(result.err()).endsWith("verdict  no anomaly\n");
        assertThat(result.code()).isZero();
        assertThat(Files.readString(history)).contains("\"do\":\"txn_commit\",\"is\":\"ok\"")
                .contains("\"do\":\"txn_abort\",\"is\":\"ok\"");
    }

    @Test
    void findsTransactionsOfABrokerThatKeepsNothing() throws Exception {
        Cli.Result result = cli.run("verify", "--broker", "taffrail", "--workload",
                "transactions", "--set", "log.durability=memory", "--faults", "restart",
                "--fault-every", "500 ms", "--duration", "1 s", "--rate", "300");

        assertThat(result.out()).as(result.err()).contains("records of ").contains(" are missing")
                .contains("verdict  broken");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void saysWhatItCannotDo() throws Exception {
        assertThat(cli.run("verify").code()).isEqualTo(2);
        assertThat(cli.run("verify", "--amqp", "127.0.0.1:1", "--workload", "bank"))
                .isEqualTo(new Cli.Result(2, "", "taffrail: workload bank needs a broker that"
                        + " speaks Kafka's protocol\n"));
        assertThat(cli.run("verify", "--kafka", "127.0.0.1:1", "--faults", "kil").err())
                .startsWith("taffrail: unknown fault 'kil'; there are kill, stop, ");
        assertThat(cli.run("verify", "--kafka", "127.0.0.1:1", "--faults", "kill"))
                .isEqualTo(new Cli.Result(2, "", "taffrail: fault kill needs a broker that this"
                        + " command starts (--broker or --start)\n"));
        Path file = Files.writeString(dir.resolve("no-history"), "nothing\n");
        assertThat(cli.run("verify", "check", file.toString())).isEqualTo(new Cli.Result(12, "",
                "taffrail: " + file + ", line 1: not a flat JSON object at character 1\n"));
    }
}
