package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.OpenFiles;
import java.nio.file.Path;

/**
 * Makes logs in their folders.
 *
 * @param logsFolder
 *            of logs that survive a restart
 * @param transientFolder
 *            of logs that do not; emptied at start
 * @param files
 *            open files of all of them
 */
record StoredLogs(Path logsFolder, Path transientFolder, OpenFiles files) {

    StoredLog create(LogId id, Durability durability) {
        return new StoredLog(id, durability == Durability.MEMORY ? transientFolder : logsFolder,
                files, durability);
    }
}
