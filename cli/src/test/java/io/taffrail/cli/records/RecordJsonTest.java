package io.taffrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.kafka.client.Header;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.PartitionRef;
import io.taffrail.kafka.client.StoredRecord;
import io.taffrail.net.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00.123Z");

    private static StoredRecord record(byte @Nullable [] key, byte @Nullable [] value,
            Header... headers) {
        return new StoredRecord(new PartitionRef("t", 3), 42, TIME, key, value, List.of(headers));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writesTextAsText() {
        String line = RecordJson.write(record(utf8("k"), utf8("é\n"), new Header("h", utf8("x"))));

        assertThat(line).isEqualTo("{\"topic\":\"t\",\"partition\":3,\"offset\":42,"
                + "\"timestamp\":\"2026-01-31T12:00:00.123Z\",\"key\":\"k\",\"value\":\"é\\n\","
                + "\"headers\":[{\"name\":\"h\",\"value\":\"x\"}]}");
    }

    @Test
    void losesNoByteOverWriteAndRead() {
        byte[] binary = {0, -1, -128, 10, 127};
        StoredRecord record = record(binary, null, new Header("a", binary),
                new Header("b", null), new Header("c", new byte[0]));

        NewRecord read = RecordJson.read(RecordJson.write(record), "u", true);

        assertThat(read.topic()).isEqualTo("u");
        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.timestamp()).isEqualTo(TIME);
        assertThat(read.key()).isEqualTo(binary);
        assertThat(read.value()).isNull();
        assertThat(read.headers()).usingRecursiveComparison().isEqualTo(record.headers());
    }

    @Test
    void readsAnObjectThatHasOnlyAValue() {
        NewRecord read = RecordJson.read("{\"value\":{\"a\":[1,true]}}", "t", false);

        assertThat(read.value()).isEqualTo(utf8("{\"a\":[1,true]}"));
        assertThat(read.key()).isNull();
        assertThat(read.headers()).isEmpty();
    }

    @Test
    void refusesFieldsItDoesNotKnow() {
        assertThatThrownBy(() -> RecordJson.read("{\"vlaue\":\"x\"}", "t", false))
                .isInstanceOf(JsonException.class).hasMessage("unknown field \"vlaue\"");
    }
}
