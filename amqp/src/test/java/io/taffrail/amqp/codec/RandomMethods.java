package io.taffrail.amqp.codec;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
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

    Table table(int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int left = random.nextInt(6); left > 0; left--) {
            entries.put(text(), value(depth));
        }
        return Table.of(entries);
    }

    private Value value(int depth) {
        return switch (random.nextInt(depth < MAX_DEPTH ? 16 : 14)) {
            case 0 -> new Value.Bool(random.nextBoolean());
            case 1 -> new Value.Int8((byte) random.nextInt());
            case 2 -> new Value.UInt8(random.nextInt(256));
            case 3 -> new Value.Int16((short) random.nextInt());
            case 4 -> new Value.UInt16(random.nextInt(1 << 16));
            case 5 -> new Value.Int32(random.nextInt());
            case 6 -> new Value.UInt32(random.nextLong(1L << 32));
            case 7 -> new Value.Int64(random.nextLong());
            case 8 -> new Value.Float32(random.nextFloat());
            case 9 -> new Value.Float64(random.nextDouble());
            case 10 -> new Value.Decimal(random.nextInt(256), random.nextInt());
            case 11 -> new Value.Text(text());
            case 12 -> new Value.Bytes(bytes());
            case 13 -> random.nextBoolean()
                    ? new Value.None()
                    : new Value.Timestamp(random.nextLong());
            case 14 -> new Value.TableOf(table(depth + 1));
            default -> {
                List<Value> values = new ArrayList<>();
                for (int left = random.nextInt(5); left > 0; left--) {
                    values.add(value(depth + 1));
                }
                yield new Value.ListOf(values);
            }
        };
    }
}
