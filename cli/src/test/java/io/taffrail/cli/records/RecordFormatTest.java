package io.taffrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.kafka.client.Header;
import io.taffrail.kafka.client.PartitionRef;
import io.taffrail.kafka.client.StoredRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

    private static String print(String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        byte[] value = "v".getBytes(StandardCharsets.UTF_8);
        new RecordFormat(format, "NULL").print(new StoredRecord(new PartitionRef("t", 1), 2,
                Instant.ofEpochMilli(3000), null, value,
                List.of(new Header("a", value), new Header("b", null))), out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsEveryField() {
        assertThat(print("%t %p %o %T %D %k %v %K %V %h %%\\t\\n\\\\")).isEqualTo(
                "t 1 2 3000 1970-01-01T00:00:03Z NULL v -1 1 a=v,b=NULL %\t\n\\");
    }

    @Test
    void refusesFieldsItDoesNotKnow() {
        assertThatThrownBy(() -> print("%x")).isInstanceOf(Failure.class)
                .hasMessage("unknown field %x in the format");
    }

    @Test
    void refusesAnUnfinishedField() {
        assertThatThrownBy(() -> print("100%")).isInstanceOf(Failure.class);
    }
}
