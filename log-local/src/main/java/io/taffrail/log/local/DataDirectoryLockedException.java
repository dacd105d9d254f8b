package io.taffrail.log.local;

import java.nio.file.Path;

/** Thrown if another process uses the data directory. */
public final class DataDirectoryLockedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DataDirectoryLockedException(Path dataDir) {
        super("data directory " + dataDir.toAbsolutePath()
                + " is in use by another broker; stop it, or choose another with --data-dir");
    }
}
