package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that this process has locked for its exclusive use.
 *
 * <pre>
 * taffrail.format   what the directory is: "taffrail data directory", format MAJOR.MINOR, id UUID
 * lock              held by the running broker
 * checkpoint        state of every log as of a journal group
 * journal/          journal files
 * logs/ID/          segments of log ID
 * transient/ID/     segments of logs that do not survive a stop
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final int MAJOR = 1;
    private static final int MINOR = 1;
    private static final Pattern FORMAT = Pattern
            .compile("format (\\d{1,9})\\.(\\d{1,9})\\s+id (\\S+)");

    private final Path path;
    private final Format format;
    private final Closeable lockFile;
    private final boolean fresh;

    /** The content of {@code taffrail.format}. */
    record Format(int major, int minor, UUID id) {

        /** The version, as {@code MAJOR.MINOR}. */
        String version() {
            return major + "." + minor;
        }
    }

    private DataDirectory(Path path, Format format, Closeable lockFile, boolean fresh) {
        this.path = path;
        this.format = format;
        this.lockFile = lockFile;
        this.fresh = fresh;
    }

    static DataDirectory open(Path path, Disk disk) throws IOException {
        Path format = path.resolve("taffrail.format");
        refuseForeign(path, disk, format);
        List<Path> made = createFolders(path, disk);
        Closeable lockFile = disk.lock(path.resolve("lock"))
                .orElseThrow(() -> new DataDirectoryLockedException(path));
        try {
            restrictToOwner(path, disk);
            boolean fresh = !disk.exists(format);
            if (fresh) {
                for (Path parent : made) {
                    disk.forceDirectory(parent);
                }
            }
            if (fresh) {
                writeFormat(disk, path, UUID.randomUUID());
            }
            return new DataDirectory(path, readFormat(disk, format), lockFile, fresh);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /**
     * Restricts access to the directory to its owner, as an older version or an administrator
     * may have created it with wider access. Other users then reach no file in it, whatever
     * the file's mode.
     */
    private static void restrictToOwner(Path path, Disk disk) {
        try {
            disk.restrictToOwner(path);
        } catch (IOException e) {
            LOG.warn("SEC-003 other users may be able to read {}: its mode cannot be changed: {}",
                    path, e.toString());
        }
    }

    /**
     * Creates the directory; returns the parent directories that must be forced to make
     * its name durable.
     */
    private static List<Path> createFolders(Path path, Disk disk) throws IOException {
        List<Path> changed = new ArrayList<>();
        Path parent = path.toAbsolutePath().getParent();
        while (parent != null) {
            changed.add(parent);
            if (disk.exists(parent)) {
                break;
            }
            parent = parent.getParent();
        }
        disk.createDirectories(path);
        return changed;
    }

    /**
     * Refuses a directory that is neither a Taffrail data directory nor empty, before anything
     * is created in it.
     */
    private static void refuseForeign(Path path, Disk disk, Path format) throws IOException {
        if (disk.exists(format)) {
            var _ = readFormat(disk, format);
            return;
        }
        List<String> others = disk.list(path).stream()
                .filter(it -> !it.equals("lock") && !it.endsWith(".new")).toList();
        if (!others.isEmpty()) {
            throw new LogFailedException(
                    "%s is not empty and not a Taffrail data directory (it has %s, and no %s): %s"
                            .formatted(path, others.getFirst(), format.getFileName(),
                                    "give an empty directory, or restore that file"));
        }
    }

    static Format readFormat(Disk disk, Path format) throws IOException {
        String text;
        try (DiskFile file = disk.open(format)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(file.size(), 4096)));
            file.read(bytes, 0);
            text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.find()) {
            throw new LogFailedException(
                    format + " is damaged: it does not say 'format MAJOR.MINOR' and 'id UUID'; restore it from a backup");
        }
        if (Integer.parseInt(matcher.group(1)) != MAJOR
                || Integer.parseInt(matcher.group(2)) > MINOR) {
            throw new LogFailedException(
                    "%s says format %s.%s; this broker reads %d.%d: use the version that wrote it"
                            .formatted(format, matcher.group(1), matcher.group(2), MAJOR, MINOR));
        }
        try {
            return new Format(MAJOR, Integer.parseInt(matcher.group(2)),
                    UUID.fromString(matcher.group(3)));
        } catch (IllegalArgumentException e) {
            throw new LogFailedException(
                    format + " is damaged: its id is not a UUID; restore it from a backup", e);
        }
    }

    /**
     * Marks a directory of an older minor format as one of this format, before anything is written
     * that older versions cannot read. A crash before leaves an old directory, and a crash after
     * one that this version reads.
     */
    void upgrade(Disk disk) throws IOException {
        if (format.minor < MINOR) {
            writeFormat(disk, path, format.id);
            LOG.info("ENG-015 {} had format {} and now has {}.{}", path, format.version(), MAJOR,
                    MINOR);
        }
    }

    private static void writeFormat(Disk disk, Path folder, UUID id) throws IOException {
        Path next = folder.resolve("taffrail.format.new");
        String text = "taffrail data directory%nformat %d.%d%nid %s%n".formatted(MAJOR, MINOR, id);
        try (DiskFile file = disk.openOrCreate(next)) {
            file.write(StandardCharsets.UTF_8.encode(text), 0);
            file.force(true);
        }
        disk.rename(next, folder.resolve("taffrail.format"));
        disk.forceDirectory(folder);
    }

    Path path() {
        return path;
    }

    UUID id() {
        return format.id;
    }

    /** True if this process created the directory. */
    boolean isFresh() {
        return fresh;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
