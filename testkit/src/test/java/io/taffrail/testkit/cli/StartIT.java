package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.ForkedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {

    private final Cli cli = new Cli("127.0.0.1:1");

    @TempDir
    Path dir = Path.of(".");

    @Test
    void saysWhereItListensAndStopsCleanly() {
        try (ForkedBroker broker = ForkedBroker.start(dir.resolve("data"), Map.of())) {
            assertThat(broker.bootstrap()).startsWith("127.0.0.1:").doesNotEndWith(":0");
            assertThat(broker.stop()).isZero();
            assertThat(broker.output()).contains(
                    "data directory  " + dir.resolve("data").toAbsolutePath(),
                    "durability  fsync", "stop with Ctrl-C or SIGTERM", "stopping\nstopped");
        }
    }

    @Test
    void refusesADirectoryOrAddressInUse() throws Exception {
        try (ForkedBroker broker = ForkedBroker.start(dir.resolve("data"), Map.of())) {
            Cli.Result sameData = cli.run("start", "--data-dir", dir.resolve("data").toString(),
                    "--kafka", "127.0.0.1:0");
            Cli.Result samePort = cli.run("start", "--data-dir", dir.resolve("other").toString(),
                    "--kafka", broker.bootstrap());

            assertThat(sameData.code()).isEqualTo(6);
            assertThat(sameData.err()).contains("in use by another broker");
            assertThat(samePort.code()).isEqualTo(7);
            assertThat(samePort.err())
                    .startsWith("taffrail: cannot listen on " + broker.bootstrap());
        }
    }

    @Test
    void refusesAnAddressThatIsNoneOfThisMachine() throws Exception {
        Cli.Result elsewhere = cli.run("start", "--data-dir", dir.resolve("data").toString(),
                "--kafka", "192.0.2.1:9092", "--insecure");
        assertThat(elsewhere.code()).isEqualTo(7);
        assertThat(elsewhere.err()).contains("taffrail: cannot listen on 192.0.2.1:9092: ");

        Cli.Result unknown = cli.run("start", "--data-dir", dir.resolve("data").toString(),
                "--kafka", "nowhere.invalid:9092");
        assertThat(unknown.code()).isEqualTo(7);
        assertThat(unknown.err()).isEqualTo(
                "taffrail: cannot listen on nowhere.invalid:9092: the host is not known\n");
    }

    @Test
    void refusesAnEmptyPath() throws Exception {
        Cli.Result refused = cli.run("start", "--set", "data.dir=", "--kafka", "127.0.0.1:0");

        assertThat(refused).isEqualTo(new Cli.Result(2, "",
                "taffrail: data.dir (--set): '' is not a path\n"));
    }

    @Test
    void refusesAKeyItDoesNotKnow() throws Exception {
        Cli.Result refused = cli.run("start", "--set", "log.segmnt.bytes=1");

        assertThat(refused).isEqualTo(new Cli.Result(2, "",
                "taffrail: unknown key log.segmnt.bytes (--set); did you mean log.segment.bytes?\n"));
    }

    @Test
    void refusesAValueThatIsNotPossible() throws Exception {
        Cli.Result refused = cli.run("start", "--data-dir", dir.toString(), "--kafka",
                "127.0.0.1:0", "--amqp", "127.0.0.1:0", "--set", "log.cleanup.policy=shred");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).startsWith("taffrail: configuration: log.cleanup.policy: ")
                .hasLineCount(1);
    }

    @Test
    void doesNotListenToTheNetworkForAnybody() throws Exception {
        Cli.Result refused = cli.run("start", "--data-dir", dir.resolve("data").toString(),
                "--kafka", "0.0.0.0:0", "--amqp", "127.0.0.1:0");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).startsWith("taffrail: kafka.listener 0.0.0.0:0 can be reached")
                .contains("--insecure").hasLineCount(1);
        assertThat(dir.resolve("data")).doesNotExist();
    }

    @Test
    void takesNoPasswordsOnTheCommandLine() throws Exception {
        Cli.Result refused = cli.run("start", "--set", "amqp.users=maria:gehe1m");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("amqp.users", "TAFFRAIL_AMQP_USERS")
                .doesNotContain("gehe1m");
    }
}
