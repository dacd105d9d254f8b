package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.journal.DiskFull;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Error texts for a data directory that cannot be used: the cause and the remedy. */
final class DirectoryTrouble {

    private DirectoryTrouble() {}

    /** Returns the failure for {@code dataDir}; the message names the file and the remedy. */
    static LogFailedException of(Path dataDir, IOException cause) {
        return new LogFailedException(switch (cause) {
            case AccessDeniedException denied ->
                "%s: permission denied: give the user '%s' read and write access to all of %s"
                        .formatted(denied.getFile(), System.getProperty("user.name"), dataDir);
            case FileAlreadyExistsException taken ->
                "%s is a file where a directory has to be: move it away, or give another data directory"
                        .formatted(taken.getFile());
            case FileSystemException failed when isReadOnly(failed) ->
                "%s is on a read-only file system: mount it for writing, or give another data directory"
                        .formatted(failed.getFile());
            case IOException full when DiskFull.causedBy(full) ->
                "the disk of %s is full (%s MiB free; a start needs some for the journal): make room, then start again; nothing is lost"
                        .formatted(dataDir, freeMebibytes(dataDir));
            default -> "data directory " + dataDir + " cannot be opened: " + cause;
        }, cause);
    }

    private static String freeMebibytes(Path dataDir) {
        try {
            return Long.toString(Files.getFileStore(dataDir).getUsableSpace() >> 20);
        } catch (IOException e) {
            return "an unknown number of";
        }
    }

    /** The JDK has no exception type for this error; only the operating system's text tells. */
    private static boolean isReadOnly(FileSystemException failed) {
        return String.valueOf(failed.getReason()).toLowerCase(Locale.ROOT)
                .contains("read-only file system");
    }
}
