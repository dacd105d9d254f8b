package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.OpenFiles;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Makes logs in their folders.
 *
 * @param logsFolder
 *            of logs that survive a restart
 * @param transientFolder
 *            of logs that do not; emptied at start
 * @param files
 *            open files of all of them
 * @param clock
 *            says when what is replayed counts as written
 */
record StoredLogs(Path logsFolder, Path transientFolder, OpenFiles files, InstantSource clock) {

    StoredLog create(LogId id, Durability durability) {
        return new StoredLog(id, durability == Durability.MEMORY ? transientFolder : logsFolder,
                this, durability);
    }
}
