package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.broker.policy.ApplyTo;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.log.LogFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The stored form of a virtual host's durable objects in the metadata store, format 1.0. Numbers
 * are big-endian, UTF is {@link DataOutputStream#writeUTF}'s, a table is an i32 length and its
 * bytes; a reader ignores fields that a later minor version appends, and refuses a later major
 * version. A key that is not UTF-8 is stored as its {@code ByteText}, whose lone surrogates
 * {@code writeUTF} keeps.
 *
 * <pre>
 * all       u8 major | u8 minor
 * exchange  UTF name | UTF type | u8 flags (1 auto-delete, 2 internal) | table
 * queue     UTF name | UTF id | u8 flags (1 auto-delete) | table
 * binding   UTF source | UTF destination | u8 flags (1 to a queue) | UTF key | table
 * policy    UTF name | UTF pattern | UTF apply-to | i64 priority | table
 * </pre>
 */
sealed interface Stored {

    int MAJOR = 1;
    int MINOR = 0;

    /** A durable exchange. */
    record OfExchange(ExchangeDeclaration declaration) implements Stored {}

    /**
     * A durable queue.
     *
     * @param id
     *            part of the names of its logs; never reused
     */
    record OfQueue(QueueDeclaration declaration, String id) implements Stored {}

    /** A binding between durable objects. */
    record OfBinding(Binding binding) implements Stored {}

    /** A policy; its kind is part of the key. */
    record OfPolicy(Policy policy) implements Stored {}

    /**
     * Encodes the object in the form that {@link #exchange}, {@link #queue}, {@link #binding} and
     * {@link #policy} read.
     */
    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(MAJOR);
            out.writeByte(MINOR);
            switch (this) {
                case OfExchange(ExchangeDeclaration it) -> {
                    out.writeUTF(it.name());
                    out.writeUTF(it.type());
                    out.writeByte((it.autoDelete() ? 1 : 0) | (it.internal() ? 2 : 0));
                    write(out, it.arguments());
                }
                case OfQueue(QueueDeclaration it, String id) -> {
                    out.writeUTF(it.name());
                    out.writeUTF(id);
                    out.writeByte(it.autoDelete() ? 1 : 0);
                    write(out, it.arguments());
                }
                case OfBinding(Binding it) -> {
                    out.writeUTF(it.source());
                    out.writeUTF(it.destination());
                    out.writeByte(it.toQueue() ? 1 : 0);
                    out.writeUTF(it.key());
                    write(out, it.arguments());
                }
                case OfPolicy(Policy it) -> {
                    out.writeUTF(it.name());
                    out.writeUTF(it.pattern().text());
                    out.writeUTF(it.applyTo().text());
                    out.writeLong(it.priority());
                    write(out, it.definition());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, FieldTable table) throws IOException {
        out.writeInt(table.bytes().length);
        out.write(table.bytes());
    }

    static OfExchange exchange(String key, byte[] value) {
        return read(key, value, in -> {
            String name = in.readUTF();
            String type = in.readUTF();
            int flags = in.readUnsignedByte();
            return new OfExchange(new ExchangeDeclaration(name, type, true, (flags & 1) != 0,
                    (flags & 2) != 0, table(in)));
        });
    }

    static OfQueue queue(String key, byte[] value) {
        return read(key, value, in -> {
            String name = in.readUTF();
            String id = in.readUTF();
            int flags = in.readUnsignedByte();
            return new OfQueue(new QueueDeclaration(name, true, false, (flags & 1) != 0,
                    table(in)), id);
        });
    }

    static OfBinding binding(String key, byte[] value) {
        return read(key, value, in -> {
            String source = in.readUTF();
            String destination = in.readUTF();
            boolean toQueue = (in.readUnsignedByte() & 1) != 0;
            return new OfBinding(
                    new Binding(source, destination, toQueue, in.readUTF(), table(in)));
        });
    }

    static OfPolicy policy(String key, byte[] value) {
        return read(key, value, in -> new OfPolicy(new Policy(in.readUTF(),
                NamePattern.stored(in.readUTF(), "policy " + key),
                ApplyTo.of(in.readUTF()).orElse(ApplyTo.ALL),
                in.readLong(), table(in))));
    }

    private static FieldTable table(DataInputStream in) throws IOException {
        return FieldTable.of(in.readNBytes(in.readInt()));
    }

    /** A decoder for one kind of object. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static <T> T read(String key, byte[] value, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int major = in.readUnsignedByte();
            if (major != MAJOR) {
                throw new LogFailedException(
                        "the entry " + key + " of the metadata store has format "
                                + major + ", which this version cannot read");
            }
            in.readUnsignedByte();
            return reader.read(in);
        } catch (IOException e) {
            throw new LogFailedException("the entry " + key + " of the metadata store is damaged",
                    e);
        }
    }
}
