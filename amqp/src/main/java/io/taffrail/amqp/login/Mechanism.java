package io.taffrail.amqp.login;

import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** SASL mechanisms. In each, the client sends one message. */
public enum Mechanism {

    /** RFC 4616: {@code authorization NUL user NUL password}. */
    PLAIN {
        @Override
        public Optional<Credentials> credentials(byte[] response) {
            String[] parts = new String(response, StandardCharsets.UTF_8).split("\0", -1);
            return parts.length == 3
                    ? Optional.of(new Credentials(parts[1], parts[2]))
                    : Optional.empty();
        }
    },

    /**
     * AMQP 0-8: a field table with {@code LOGIN} and {@code PASSWORD}, without its length prefix.
     */
    AMQPLAIN {
        @Override
        public Optional<Credentials> credentials(byte[] response) {
            FieldTable table = FieldTable.of(response);
            try {
                return text(table, "LOGIN").flatMap(user -> text(table, "PASSWORD")
                        .map(password -> new Credentials(user, password)));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
    },

    /**
     * RFC 4505: the client becomes the user named by the configuration. As in RabbitMQ, trace
     * information sent by the client is ignored.
     */
    ANONYMOUS {
        @Override
        public Optional<Credentials> credentials(byte[] response) {
            return Optional.empty();
        }
    };

    /** Credentials in the client's response; empty if the response is malformed or has none. */
    public abstract Optional<Credentials> credentials(byte[] response);

    /**
     * Names of the offered mechanisms, separated by spaces, for {@code connection.start}.
     *
     * @param anonymous
     *            true to offer {@link #ANONYMOUS}
     */
    public static String offered(boolean anonymous) {
        return among(anonymous).map(Enum::name).collect(Collectors.joining(" "));
    }

    /** Finds an offered mechanism by name. */
    public static Optional<Mechanism> find(String name, boolean anonymous) {
        return among(anonymous).filter(mechanism -> mechanism.name().equals(name)).findFirst();
    }

    private static Stream<Mechanism> among(boolean anonymous) {
        return Arrays.stream(values()).filter(it -> anonymous || it != ANONYMOUS);
    }

    private static Optional<String> text(FieldTable table, String name) {
        return table.get(name).flatMap(value -> switch (value) {
            case FieldValue.Text(String text) -> Optional.of(text);
            case FieldValue.Bytes(byte[] bytes) -> Optional
                    .of(new String(bytes, StandardCharsets.UTF_8));
            default -> Optional.empty();
        });
    }
}
