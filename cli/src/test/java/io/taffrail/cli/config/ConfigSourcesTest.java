package io.taffrail.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final ConfigSources sources = new ConfigSources(KeyCatalog.of(List.of(Sample.class)));

    @TempDir
    Path dir = Path.of(".");

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
        "listeners | use kafka.listener = HOST:PORT",
        "log.dirs | use data.dir, which is one directory",
        "num.io.threads | use event.loops",
        "transaction.state.log.min.isr | one node has no replicas; leave it out",
        "log.flush.interval.messages | log.durability decides when records are forced to disk; leave it out"})
    void saysWhatToDoAboutKafkasKeys(String key, String advice) {
        assertThatThrownBy(() -> new ConfigSources(KeyCatalog.of(List.of()))
                .set(key, "1", "x.properties").read()).isInstanceOf(ConfigException.class)
                .hasMessage(key + " (x.properties) is a key of Kafka's: " + advice);
    }
}
