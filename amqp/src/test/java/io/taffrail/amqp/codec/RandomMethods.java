package io.taffrail.amqp.codec;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Generates methods of every kind with random arguments. */
final class RandomMethods {

    private static final int MAX_DEPTH = 3;

    private final RandomGenerator random;

    RandomMethods(RandomGenerator random) {
        this.random = random;
    }

    /** All record classes that implement {@code Method}. */
    static List<Class<?>> kinds() {
        List<Class<?>> kinds = new ArrayList<>();
        for (Class<?> group : Method.class.getPermittedSubclasses()) {
            kinds.addAll(Arrays.asList(group.getPermittedSubclasses()));
        }
        return kinds;
    }

    Method of(Class<?> kind) throws ReflectiveOperationException {
        RecordComponent[] components = kind.getRecordComponents();
        Object[] arguments = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = argument(types[i], components[i].getName());
        }
        Constructor<?> constructor = kind.getDeclaredConstructor(types);
        return (Method) constructor.newInstance(arguments);
    }

    private Object argument(Class<?> type, String name) {
        if (type == int.class) {
            return random.nextInt(name.startsWith("version") ? 1 << 8 : 1 << 16);
        }
        if (type == long.class) {
            return name.equals("deliveryTag") ? random.nextLong() : random.nextLong(1L << 32);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == String.class) {
            return text();
        }
        return type == LongString.class ? new LongString(bytes()) : table(0);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(40); left > 0; left--) {
            text.appendCodePoint(random.nextInt(10) == 0
                    ? 0x1F600 + random.nextInt(64)
                    : 'a' + random.nextInt(26));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }

    FieldTable table(int depth) {
        Map<String, FieldValue> entries = new LinkedHashMap<>();
        for (int left = random.nextInt(6); left > 0; left--) {
            entries.put(text(), value(depth));
        }
        return FieldTable.of(entries);
    }

    private FieldValue value(int depth) {
        return switch (random.nextInt(depth < MAX_DEPTH ? 16 : 14)) {
            case 0 -> new FieldValue.Bool(random.nextBoolean());
            case 1 -> new FieldValue.Int8((byte) random.nextInt());
            case 2 -> new FieldValue.UInt8(random.nextInt(256));
            case 3 -> new FieldValue.Int16((short) random.nextInt());
            case 4 -> new FieldValue.UInt16(random.nextInt(1 << 16));
            case 5 -> new FieldValue.Int32(random.nextInt());
            case 6 -> new FieldValue.UInt32(random.nextLong(1L << 32));
            case 7 -> new FieldValue.Int64(random.nextLong());
            case 8 -> new FieldValue.Float32(random.nextFloat());
            case 9 -> new FieldValue.Float64(random.nextDouble());
            case 10 -> new FieldValue.Decimal(random.nextInt(256), random.nextInt());
            case 11 -> new FieldValue.Text(text());
            case 12 -> new FieldValue.Bytes(bytes());
            case 13 -> random.nextBoolean()
                    ? new FieldValue.None()
                    : new FieldValue.Timestamp(random.nextLong());
            case 14 -> new FieldValue.TableOf(table(depth + 1));
            default -> {
                List<FieldValue> values = new ArrayList<>();
                for (int left = random.nextInt(5); left > 0; left--) {
                    values.add(value(depth + 1));
                }
                yield new FieldValue.ListOf(values);
            }
        };
    }
}
