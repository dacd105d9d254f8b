package io.taffrail.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.taffrail.cli.config.Config.InForce;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.config.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSourcesTest {

    enum Mode {
        FAST, VERY_SAFE
    }

    record Inner(@Key(value = "inner.ratio", byDefault = "0.5", doc = "A ratio.") double ratio) {}

    record Sample(
            @Key(value = "log.segment.bytes", byDefault = "64 MiB", doc = "A size.") ByteSize size,
            @Key(value = "flush.interval", byDefault = "5 s", doc = "A time.", retired = "flush.every") Duration interval,
            @Key(value = "retention.ms", byDefault = "1000", doc = "A time in ms.") Duration retention,
            @Key(value = "limit", doc = "A limit.") OptionalLong limit,
            @Key(value = "name", doc = "A name.") Optional<String> name,
            @Key(value = "mode", byDefault = "fast", doc = "A mode.") Mode mode,
            @Key(value = "ports", byDefault = "1, 2", doc = "Ports.") List<Integer> ports,
            @Key(value = "on", byDefault = "true", doc = "A switch.") boolean on,
            Inner inner) {}

    record Named(@Key(value = "node.id", byDefault = "1", doc = "A number.") int node,
            @Key(value = "data.dir", byDefault = "data", doc = "A path.") Path dir,
            @Key(value = "kafka.listener", byDefault = "127.0.0.1:9092", doc = "An address.") HostPort listener,
            @Key(value = "cleaner.backoff", byDefault = "15 s", doc = "A time.") Duration backoff,
            @Key(value = "journal.file", byDefault = "64 MiB", doc = "A size.") ByteSize file,
            @Key(value = "users", byDefault = "guest:guest", secret = true, doc = "Users.") String users,
            @Key(value = "secret.number", byDefault = "1", secret = true, doc = "A number.") int number) {}

    private final ConfigSources named = new ConfigSources(KeyCatalog.of(List.of(Named.class)));

    private final ConfigSources sources = new ConfigSources(KeyCatalog.of(List.of(Sample.class)));

    @TempDir
    Path dir = Path.of(".");

    @Test
    void warnsOfAFileWithASecretThatOthersCanRead() throws IOException {
        Path file = Files.writeString(dir.resolve("taffrail.conf"), "users = maria:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(named.file(file).warnings()).singleElement().asString()
                .contains(file.toString(), "sets users", "chmod 600").doesNotContain("secret");

        ConfigSources again = new ConfigSources(KeyCatalog.of(List.of(Named.class)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(again.file(file).warnings()).isEmpty();
        Files.writeString(file, "node.id = 1\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(again.file(file).warnings()).isEmpty();
    }

    @Test
    void tellsWhereEachSettingInForceComesFrom() {
        Config config = named.set("node.id", "7", "a file").set("users", "maria:secret", "a file")
                .assignment("node.id= 8", "--set").read();

        assertThat(config.inForce()).contains(new InForce("node.id", "8", "--set"),
                new InForce("users", "", "a file"), new InForce("data.dir", "data", "default"));
        assertThat(config.inForce()).filteredOn(InForce::isSet).hasSize(2);
    }

    @Test
    void usesDefaultsForWhatIsNotSet() {
        assertThat(sources.read().get(Sample.class)).isEqualTo(new Sample(
                ByteSize.mebibytes(64), Duration.ofSeconds(5), Duration.ofSeconds(1),
                OptionalLong.empty(), Optional.empty(), Mode.FAST, List.of(1, 2), true,
                new Inner(0.5)));
    }

    @Test
    void readsEveryTypeFromText() {
        sources.set("log.segment.bytes", "1 GiB", "test").set("flush.interval", "PT2M", "test")
                .set("retention.ms", "7 days", "test").set("limit", "9", "test")
                .set("name", " x ", "test").set("mode", "Very-Safe", "test")
                .set("ports", "3", "test").set("on", "FALSE", "test")
                .set("inner.ratio", "1", "test");

        assertThat(sources.read().get(Sample.class)).isEqualTo(new Sample(
                ByteSize.mebibytes(1024), Duration.ofMinutes(2), Duration.ofDays(7),
                OptionalLong.of(9), Optional.of("x"), Mode.VERY_SAFE, List.of(3), false,
                new Inner(1)));
    }

    @Test
    void environmentWinsOverFileAndFlagsOverBoth() throws IOException {
        Path file = dir.resolve("taffrail.properties");
        Files.writeString(file, "# comment\nlimit = 1\nname : file\nflush.interval=1 s\n");

        Sample read = sources.file(file)
                .environment(Map.of("TAFFRAIL_LIMIT", "2", "TAFFRAIL_NAME", "env", "PATH", "x"))
                .assignment("limit=3", "--set").read().get(Sample.class);

        assertThat(read.limit()).hasValue(3);
        assertThat(read.name()).hasValue("env");
        assertThat(read.interval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void readsANameWithDotsFromTheEnvironment() {
        sources.environment(Map.of("TAFFRAIL_LOG_SEGMENT_BYTES", "4096"));

        assertThat(sources.read().get(Sample.class).size()).isEqualTo(new ByteSize(4096));
    }

    @Test
    void suggestsTheNearestKeyForAnUnknownOne() {
        sources.assignment("log.segmnet.bytes=1", "--set");

        assertThatThrownBy(sources::read).isInstanceOf(ConfigException.class).hasMessage(
                "unknown key log.segmnet.bytes (--set); did you mean log.segment.bytes?");
    }

    @Test
    void suggestsTheNearestEnvironmentVariable() {
        sources.environment(Map.of("TAFFRAIL_LOG_SEGMENT_BYTE", "1"));

        assertThatThrownBy(sources::read).hasMessage("environment variable "
                + "TAFFRAIL_LOG_SEGMENT_BYTE is no setting; did you mean "
                + "TAFFRAIL_LOG_SEGMENT_BYTES?");
    }

    @Test
    void takesTheLaunchersVariablesForNoSettings() {
        sources.environment(Map.of("TAFFRAIL_OPTS", "-Xmx1g", "TAFFRAIL_BOOTSTRAP", "x:1"));

        assertThat(sources.read()).isNotNull();
    }

    @Test
    void refusesARetiredKeyAndNamesItsReplacement() {
        sources.set("flush.every", "1 s", "x.properties");

        assertThatThrownBy(sources::read)
                .hasMessage("flush.every (x.properties) is retired; use flush.interval");
    }

    @Test
    void namesEveryWrongValueWithWhatWasExpected() {
        sources.set("log.segment.bytes", "big", "--set").set("mode", "slow", "--set")
                .set("flush.interval", "5", "--set").assignment("nonsense", "--set");

        ConfigException refused = catchThrowableOfType(ConfigException.class, sources::read);

        assertThat(refused.problems()).containsExactly(
                "--set nonsense: expected KEY=VALUE",
                "log.segment.bytes (--set): 'big' is not a size, for example 1048576, 64 MiB, 1 GiB",
                "flush.interval (--set): '5' is not a time with its unit, for example 100 ms, 5 s, "
                        + "7 days",
                "mode (--set): 'slow' is not one of fast, very-safe");
    }

    @Test
    void refusesAKeyThatAFileSetsTwice() throws IOException {
        Path file = dir.resolve("twice.properties");
        Files.writeString(file, "limit=1\nlimit=2\n");

        assertThatThrownBy(() -> sources.file(file).read())
                .hasMessage("limit is set twice in " + file);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path file = dir.resolve("absent");

        assertThatThrownBy(() -> sources.file(file).read())
                .hasMessage("no configuration file " + file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "zookeeper.connect | there is no controller and no ZooKeeper; leave it out",
        "controller.quorum.voters | there is no controller and no ZooKeeper; leave it out",
        "port | use kafka.listener = HOST:PORT",
        "num.io.threads | use event.loops",
        "transaction.state.log.min.isr | one node has no replicas; leave it out",
        "log.flush.interval.messages | log.durability decides when records are forced to disk; leave it out"})
    void saysWhatToDoAboutKafkasKeys(String key, String advice) {
        assertThatThrownBy(() -> new ConfigSources(KeyCatalog.of(List.of()))
                .set(key, "1", "x.properties").read()).isInstanceOf(ConfigException.class)
                .hasMessage(key + " (x.properties) is a key of Kafka's: " + advice);
    }

    @Test
    void takesKafkasNamesWithKafkasValues() {
        named.set("broker.id", "7", "f").set("log.dirs", "/var/lib/kafka", "f")
                .set("listeners", "PLAINTEXT://:9094", "f")
                .set("cleaner.backoff.ms", "1500", "f").set("journal.file.bytes", "1048576", "f");

        Named read = named.read().get(Named.class);

        assertThat(read.node()).isEqualTo(7);
        assertThat(read.dir()).isEqualTo(Path.of("/var/lib/kafka"));
        assertThat(read.listener()).isEqualTo(new HostPort("0.0.0.0", 9094));
        assertThat(read.backoff()).isEqualTo(Duration.ofMillis(1500));
        assertThat(read.file()).isEqualTo(ByteSize.mebibytes(1));
    }

    @Test
    void takesANameWithItsUnitFromTheEnvironment() {
        named.environment(Map.of("TAFFRAIL_CLEANER_BACKOFF_MS", "20"));

        assertThat(named.read().get(Named.class).backoff()).isEqualTo(Duration.ofMillis(20));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "log.dirs | /a,/b | log.dirs (f): there is one data directory, not several",
        "listeners | SSL://:9093 | listeners (f): only PLAINTEXT://HOST:PORT is served",
        "listeners | PLAINTEXT://:1,SSL://:2 | listeners (f): there is one listener for Kafka, not several",
        "cleaner.backoff.ms | -1 | cleaner.backoff.ms (f): '-1' is not a time with its unit, for example 100 ms, 5 s, 7 days",
        "cleaner.backoff.bytes | 1 | unknown key cleaner.backoff.bytes (f); did you mean cleaner.backoff?"})
    void refusesWhatKafkasNamesCannotMeanHere(String key, String text, String message) {
        assertThatThrownBy(() -> named.set(key, text, "f").read()).hasMessage(message);
    }

    @Test
    void refusesOneSettingUnderTwoNamesOfOneSource() {
        named.set("cleaner.backoff", "1 s", "f").set("cleaner.backoff.ms", "1", "f");

        assertThatThrownBy(named::read)
                .hasMessage("cleaner.backoff and cleaner.backoff.ms (f) are the same setting");
    }

    @Test
    void takesNoSecretFromTheCommandLineAndShowsNone() {
        named.assignment("users=maria:gehe1m", "--set").set("secret.number", "gehe1m", "f");

        assertThatThrownBy(named::read).hasMessageContaining("users is not taken")
                .hasMessageContaining("TAFFRAIL_USERS")
                .hasMessageContaining("secret.number (f): the value is not a whole number")
                .message().doesNotContain("gehe1m");
    }
}
