package io.taffrail.broker.deduplication;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The identity of a message for de-duplication: the first 128 bits of the SHA-256 of its header
 * {@value #HEADER}, so that the size does not depend on the client. Integers of all widths are
 * equal by value, and text equals the same bytes; lists and tables do not count.
 */
public record Mark(long high, long low) {

    /** Header that identifies a message. */
    public static final String HEADER = "x-deduplication-header";

    /** The mark of a message; empty if it has no usable header. */
    public static Optional<Mark> of(Properties properties) {
        return properties.has(Property.HEADERS)
                ? properties.headers().get(HEADER).flatMap(Mark::of)
                : Optional.empty();
    }

    private static Optional<Mark> of(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) ->
                hash('S', ByteBuffer.wrap(ByteText.bytes(text)));
            case FieldValue.Bytes(byte[] bytes) -> hash('S', ByteBuffer.wrap(bytes));
            case FieldValue.Bool(boolean it) -> number('t', it ? 1 : 0);
            case FieldValue.Float32(float it) -> number('d', Double.doubleToLongBits(it));
            case FieldValue.Float64(double it) -> number('d', Double.doubleToLongBits(it));
            case FieldValue.Timestamp(long seconds) -> number('T', seconds);
            case FieldValue.None _ -> number('V', 0);
            case FieldValue.ListOf _,FieldValue.TableOf _,FieldValue.Decimal _ -> Optional.empty();
            default -> value.number().flatMap(it -> number('l', it));
        };
    }

    private static Optional<Mark> number(char kind, long value) {
        return hash(kind, ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    private static Optional<Mark> hash(char kind, ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) kind);
            digest.update(bytes);
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return Optional.of(new Mark(hash.getLong(), hash.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
