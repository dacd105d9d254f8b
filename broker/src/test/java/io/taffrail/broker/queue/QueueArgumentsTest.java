package io.taffrail.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.stream.StreamArguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queue arguments are accepted and refused as in RabbitMQ. */
class QueueArgumentsTest {

    private static final String OBJECT = "queue 'arg-q' in vhost '/'";

    /** One row of the table. */
    record Row(String type, String argument, String value, String answer) {}

    static List<Row> rows() {
        try (InputStream in = Objects.requireNonNull(QueueArgumentsTest.class
                .getResourceAsStream("rabbitmq-3.10.8-arguments.txt"));
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\\|", 4))
                    .map(part -> new Row(part[0].strip(), part[1].strip(), part[2].strip(),
                            part[3].strip()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FieldValue value(String shown) {
        String kind = shown.split(" ", 2)[0];
        String text = shown.contains(" ") ? shown.substring(kind.length() + 1) : "";
        return switch (kind) {
            case "text" -> new FieldValue.Text(
                    text.equals("\\xff") ? ByteText.of(new byte[]{(byte) 0xFF}) : text);
            case "int" -> new FieldValue.Int32(Integer.parseInt(text));
            case "long" -> new FieldValue.Int64(Long.parseLong(text));
            case "double" -> new FieldValue.Float64(Double.parseDouble(text));
            case "bool" -> new FieldValue.Bool(Boolean.parseBoolean(text));
            case "void" -> new FieldValue.None();
            case "bytes" -> new FieldValue.Bytes(text.getBytes(StandardCharsets.UTF_8));
            default -> throw new IllegalArgumentException(shown);
        };
    }

    private static QueueDeclaration queue(String type, String argument, FieldValue value) {
        Map<String, FieldValue> arguments = new LinkedHashMap<>();
        if (!type.equals("classic")) {
            arguments.put("x-queue-type", new FieldValue.Text(type));
        }
        arguments.put(argument, value);
        return new QueueDeclaration("arg-q", true, false, false, FieldTable.of(arguments));
    }

    private static String answer(QueueDeclaration queue) {
        try {
            if (QueueArguments.read(queue, OBJECT).type() == QueueType.STREAM) {
                var _ = StreamArguments.read(queue, OBJECT);
            }
            return "declared";
        } catch (BrokerException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void argumentIsAnsweredAsByRabbitMq(Row row) {
        assertThat(answer(queue(row.type(), row.argument(), value(row.value()))))
                .isEqualTo(row.answer());
    }

    @Test
    void aDeliveryLimitThatIsNoNumberLeavesTheDefault() {
        assertThat(
                QueueArguments.read(queue("quorum", "x-delivery-limit", new FieldValue.Text("5")),
                        OBJECT).deliveryLimit())
                .isEqualTo(OptionalInt.of(20));
    }
}
