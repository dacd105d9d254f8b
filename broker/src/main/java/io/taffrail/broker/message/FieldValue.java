package io.taffrail.broker.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A typed value in a header table or of an argument: the types of AMQP 0-9-1 §4.2.5.5 as RabbitMQ
 * has them. The comment of each is its tag in the bytes of a {@link FieldTable}.
 */
public sealed interface FieldValue {

    record Bool(boolean value) implements FieldValue {} // t

    record Int8(byte value) implements FieldValue {} // b

    /** 0 to 255. */
    record UInt8(int value) implements FieldValue {} // B

    record Int16(short value) implements FieldValue {} // s

    /** 0 to 65535. */
    record UInt16(int value) implements FieldValue {} // u

    record Int32(int value) implements FieldValue {} // I

    /** 0 to 4294967295. */
    record UInt32(long value) implements FieldValue {} // i

    /**
     * Written with tag {@code l}; tag {@code L}, which some clients send, is read as this type too.
     */
    record Int64(long value) implements FieldValue {} // l

    record Float32(float value) implements FieldValue {} // f

    record Float64(double value) implements FieldValue {} // d

    /** {@code unscaled / 10^scale}, with a scale of 0 to 255. */
    record Decimal(int scale, int unscaled) implements FieldValue {} // D

    /** Text, or bytes that are not UTF-8, as {@link ByteText}. */
    record Text(String value) implements FieldValue {} // S

    /** Bytes; not to be changed. */
    record Bytes(byte[] value) implements FieldValue {} // x

    record ListOf(List<FieldValue> values) implements FieldValue {} // A

    record TableOf(FieldTable table) implements FieldValue {} // F

    /** Seconds since 1970. */
    record Timestamp(long seconds) implements FieldValue {} // T

    record None() implements FieldValue {} // V

    /** The value as an integer, if it is a whole number. */
    default Optional<Long> number() {
        return switch (this) {
            case Int8(byte it) -> Optional.of((long) it);
            case UInt8(int it) -> Optional.of((long) it);
            case Int16(short it) -> Optional.of((long) it);
            case UInt16(int it) -> Optional.of((long) it);
            case Int32(int it) -> Optional.of((long) it);
            case UInt32(long it) -> Optional.of(it);
            case Int64(long it) -> Optional.of(it);
            default -> Optional.empty();
        };
    }

    /** The name of the type in RabbitMQ's error texts. */
    default String typeName() {
        return switch (this) {
            case Text _ -> "longstr";
            case Bool _ -> "bool";
            case Int8 _ -> "byte";
            case UInt8 _ -> "unsignedbyte";
            case Int16 _ -> "short";
            case UInt16 _ -> "unsignedshort";
            case Int32 _ -> "signedint";
            case UInt32 _ -> "unsignedint";
            case Int64 _ -> "long";
            case Float32 _ -> "float";
            case Float64 _ -> "double";
            case Decimal _ -> "decimal";
            case Bytes _ -> "binary";
            case ListOf _ -> "array";
            case TableOf _ -> "table";
            case Timestamp _ -> "timestamp";
            case None _ -> "void";
        };
    }

    /** The content as text, for error texts. */
    default String shown() {
        return switch (this) {
            case Text(String it) -> it;
            case Bool(boolean it) -> Boolean.toString(it);
            case Bytes(byte[] it) -> new String(it, StandardCharsets.UTF_8);
            case ListOf it -> it.toString();
            case TableOf it -> it.table().toString();
            case Float32(float it) -> Float.toString(it);
            case Float64(double it) -> Double.toString(it);
            case Timestamp(long it) -> Long.toString(it);
            case Decimal it -> Arrays.asList(it.scale(), it.unscaled()).toString();
            default -> number().map(String::valueOf).orElse("undefined");
        };
    }
}
