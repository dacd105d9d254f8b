package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.state.ProducerSpace;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A factory of logs in the folders of a data directory.
 *
 * @param logsFolder
 *            folder of logs that survive a restart
 * @param transientFolder
 *            folder of logs of durability {@code memory}; emptied at start
 * @param files
 *            open files of all logs
 * @param clock
 *            source of the append time of replayed batches
 * @param producers
 *            count of the producers of all logs
 */
record StoredLogs(Path logsFolder, Path transientFolder, OpenFiles files, InstantSource clock,
        ProducerSpace producers) {

    StoredLog create(LogId id, Durability durability) {
        return new StoredLog(id, durability == Durability.MEMORY ? transientFolder : logsFolder,
                this, durability);
    }
}
