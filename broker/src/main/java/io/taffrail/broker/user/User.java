package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.log.LogFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The stored form of a user; numbers are big-endian, UTF is {@link DataOutputStream#writeUTF}'s:
 *
 * <pre>
 * u8 major | u8 minor | UTF name | u8 n, password hash
 *  | u16 hosts x (UTF host | UTF configure | UTF write | UTF read)
 *  | u8 tags x UTF tag                                          since minor version 2
 * </pre>
 *
 * In minor version 0 every {@link PasswordHash} is of RabbitMQ's kind.
 *
 * @param permissions
 *            by virtual host; without an entry the user has no access to the host
 * @param tags
 *            what the user may do beside using virtual hosts, such as {@code administrator}
 */
record User(String name, PasswordHash passwordHash, Map<String, Permissions> permissions,
        Set<String> tags) {

    private static final int MAJOR = 1;
    private static final int MINOR = 2;
    private static final int TAGS_SINCE = 2;
    private static final int MOST_TAGS = 0xFF;
    private static final int MOST_HOSTS = 0xFFFF;

    User withPassword(PasswordHash hash) {
        return new User(name, hash, permissions, tags);
    }

    /**
     * The user with these tags instead.
     *
     * @throws BrokerException
     *             if they are more than the format can count
     */
    User withTags(Set<String> all) {
        if (all.size() > MOST_TAGS) {
            throw new BrokerException(BrokerError.INVALID_DEFINITION,
                    "a user has at most " + MOST_TAGS + " tags");
        }
        return new User(name, passwordHash, permissions, new LinkedHashSet<>(all));
    }

    /**
     * The user with these permissions in a virtual host.
     *
     * @throws BrokerException
     *             if the user would have permissions in more hosts than the format can count
     */
    User with(String host, Permissions granted) {
        Map<String, Permissions> all = new TreeMap<>(permissions);
        all.put(host, granted);
        if (all.size() > MOST_HOSTS) {
            throw new BrokerException(BrokerError.INVALID_DEFINITION, "a user has permissions in at"
                    + " most " + MOST_HOSTS + " virtual hosts");
        }
        return new User(name, passwordHash, all, tags);
    }

    User without(String host) {
        Map<String, Permissions> all = new TreeMap<>(permissions);
        all.remove(host);
        return new User(name, passwordHash, all, tags);
    }

    /** The estimated size in memory, for {@link DefinitionSpace}. */
    long sizeBytes() {
        long bytes = DefinitionSpace.bytes(name.length() + (long) passwordHash.encoded().length);
        for (Map.Entry<String, Permissions> entry : permissions.entrySet()) {
            bytes += DefinitionSpace.bytes(entry.getKey().length()) + entry.getValue().sizeBytes();
        }
        for (String tag : tags) {
            bytes += DefinitionSpace.bytes(tag.length());
        }
        return bytes;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(MAJOR);
            out.writeByte(MINOR);
            out.writeUTF(name);
            byte[] hash = passwordHash.encoded();
            out.writeByte(hash.length);
            out.write(hash);
            out.writeShort(permissions.size());
            for (Map.Entry<String, Permissions> entry : permissions.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue().configure().text());
                out.writeUTF(entry.getValue().write().text());
                out.writeUTF(entry.getValue().read().text());
            }
            out.writeByte(tags.size());
            for (String tag : tags) {
                out.writeUTF(tag);
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static User read(String key, byte[] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int major = in.readUnsignedByte();
            if (major != MAJOR) {
                throw new LogFailedException("the entry " + key + " of the metadata store has"
                        + " format " + major + ", which this version cannot read");
            }
            int minor = in.readUnsignedByte();
            String name = in.readUTF();
            PasswordHash hash = PasswordHash.stored(in.readNBytes(in.readUnsignedByte()));
            Map<String, Permissions> permissions = new TreeMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                permissions.put(in.readUTF(),
                        Permissions.stored(name, in.readUTF(), in.readUTF(), in.readUTF()));
            }
            Set<String> tags = new LinkedHashSet<>();
            for (int left = minor < TAGS_SINCE ? 0 : in.readUnsignedByte(); left > 0; left--) {
                tags.add(in.readUTF());
            }
            return new User(name, hash, permissions, tags);
        } catch (IOException | IllegalArgumentException e) {
            throw new LogFailedException("the entry " + key + " of the metadata store is damaged",
                    e);
        }
    }
}
