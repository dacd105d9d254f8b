package io.taffrail.kafka.net;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Check that refuses arrays for which Kafka's message classes would need minutes. Arrays whose
 * elements have a key become an {@code ImplicitLinkedHashCollection}, a table with linear probing
 * that is rebuilt when its last element is added. That takes time cubic in the number of elements
 * with equal hashes: 20,000 equal names of 4 bytes block a thread for longer than any client waits.
 *
 * <p>
 * The check walks the request by its schema and computes, for each array of more than
 * {@link #SHORT} elements, the cost of that table. The check takes time linear in the size of the
 * request.
 */
final class KeyedArrays {

    /** Arrays of up to this many elements are not checked. */
    static final int SHORT = 16;

    /** Maximum steps for the tables of one request: about a tenth of a second. */
    static final long MAX_STEPS = 20_000_000;

    /**
     * Requests that contain keyed arrays, or whose responses repeat their elements in keyed arrays.
     */
    private static final Set<ApiKeys> KEYED = EnumSet.of(ApiKeys.PRODUCE, ApiKeys.JOIN_GROUP,
            ApiKeys.CREATE_TOPICS, ApiKeys.DELETE_RECORDS,
            ApiKeys.CREATE_PARTITIONS, ApiKeys.ALTER_CONFIGS, ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.OFFSET_FOR_LEADER_EPOCH, ApiKeys.OFFSET_DELETE, ApiKeys.DELETE_GROUPS,
            ApiKeys.ADD_PARTITIONS_TO_TXN, ApiKeys.ALTER_REPLICA_LOG_DIRS,
            ApiKeys.DESCRIBE_LOG_DIRS, ApiKeys.ELECT_LEADERS, ApiKeys.DESCRIBE_PRODUCERS,
            ApiKeys.UPDATE_FEATURES);

    private final ByteBuffer in;
    private final boolean numbersAreKeys;
    private int elements;
    private long steps;

    private KeyedArrays(ByteBuffer in, boolean numbersAreKeys) {
        this.in = in;
        this.numbersAreKeys = numbersAreKeys;
    }

    static boolean in(ApiKeys key) {
        return KEYED.contains(key);
    }

    /**
     * Checks a request body.
     *
     * @param body
     *            request body; its position moves
     * @throws IllegalArgumentException
     *             if the tables of its arrays would cost too much
     */
    static void check(ApiKeys key, short version, ByteBuffer body) {
        boolean numbersAreKeys = key == ApiKeys.CREATE_TOPICS || key == ApiKeys.DELETE_RECORDS;
        new KeyedArrays(body, numbersAreKeys).whole(key.messageType.requestSchemas()[version]);
    }

    private void whole(Schema schema) {
        for (BoundField field : schema.fields()) {
            value(field.def.type);
        }
    }

    /** Skips a value and returns its hash as the message classes compute it. */
    private int value(Type type) {
        if (type instanceof Schema schema) {
            return struct(schema);
        }
        if (type instanceof ArrayOf array) {
            array(array.arrayElementType().orElseThrow(), in.getInt());
            return 0;
        }
        if (type instanceof CompactArrayOf array) {
            array(array.arrayElementType().orElseThrow(), varint() - 1);
            return 0;
        }
        if (type instanceof TaggedFields) {
            taggedFields();
            return 0;
        }
        Object value = type.read(in);
        return value == null ? 0 : value.hashCode();
    }

    /** Hashes the key: the first field, combined with the second if one of the two is a byte. */
    private int struct(Schema schema) {
        int hash = 0;
        boolean ofTwo = false;
        for (int index = 0; index < schema.numFields(); index++) {
            BoundField field = schema.get(index);
            int next = value(field.def.type);
            ofTwo |= index < 2 && field.def.type.equals(Type.INT8);
            if (index == 0) {
                hash = next;
            } else if (index == 1 && ofTwo) {
                hash = 31 * hash + next;
            }
        }
        return hash;
    }

    private void array(Type element, int length) {
        elements += Math.max(0, length);
        if (length > in.remaining() || elements > BoundedReader.MAX_FIELDS) {
            throw new IllegalArgumentException("an array of it has " + length + " elements");
        }
        boolean looked = length > SHORT && keyed(element);
        int[] hashes = new int[looked ? length : 0];
        for (int index = 0; index < length; index++) {
            int hash = value(element);
            if (looked) {
                hashes[index] = hash;
            }
        }
        if (looked) {
            add(hashes, 1);
            // A missing second part of the key counts as zero.
            add(hashes, 31);
        }
    }

    /**
     * Whether elements have a key. Partition numbers are keys in few messages, and their lists are
     * long.
     */
    private boolean keyed(Type element) {
        Type first = element instanceof Schema schema && schema.numFields() > 0
                ? schema.get(0).def.type
                : element;
        boolean number = first.equals(Type.INT32);
        return number ? numbersAreKeys && element instanceof Schema : !first.isArray();
    }

    private int varint() {
        return new ByteBufferAccessor(in).readUnsignedVarint();
    }

    private void taggedFields() {
        int count = varint();
        for (int index = 0; index < count; index++) {
            varint();
            int size = varint();
            if (size < 0 || size > in.remaining()) {
                throw new IllegalArgumentException("a tagged field has " + size + " bytes");
            }
            in.position(in.position() + size);
        }
    }

    private void add(int[] hashes, int factor) {
        int slots = 2 * hashes.length + 1;
        steps += clusters(hashes, factor, slots, true);
        steps += clusters(hashes, factor, 2 * slots + 1, false);
        if (steps > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "an array of " + hashes.length + " elements names the same too often");
        }
    }

    /**
     * Cost of a table with these hashes. Elements with equal hashes push each other, and the
     * elements behind them, to later slots. The total distance does not depend on their order.
     *
     * @param emptied
     *            true if the elements are also removed one by one; each removal scans its cluster
     */
    private static long clusters(int[] hashes, int factor, int slots, boolean emptied) {
        int[] counts = new int[slots];
        Arrays.stream(hashes).forEach(hash -> counts[(hash * factor & 0x7fffffff) % slots]++);
        long total = 0;
        long carried = 0;
        long size = 0;
        long pushed = 0;
        // The second round adds the elements that wrap from the end of the table to its beginning.
        for (int at = 0; at < 2 * slots; at++) {
            carried += at < slots ? counts[at] : 0;
            if (carried > 0) {
                carried--;
                size++;
                pushed += carried;
            } else {
                total += emptied ? size * (size + pushed) : pushed;
                size = 0;
                pushed = 0;
                if (at >= slots) {
                    break;
                }
            }
        }
        return total;
    }
}
