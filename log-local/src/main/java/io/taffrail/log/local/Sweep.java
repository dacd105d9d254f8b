package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletion of files that belong to no log: dropped segments, segments written but never put in
 * place, folders of deleted logs, and temporary files not yet renamed. A crash or a failed disk may
 * leave such files after their removal was recorded.
 *
 * <p>
 * Runs once at a start, after recovery has succeeded and before the engine serves requests.
 * At that point every file that may hold data is part of a log. Files with names that this engine
 * does not use stay, and so do files that cannot be deleted.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Pattern OURS = Pattern
            .compile("\\d{20}(\\.c\\d+)?\\.(log|index|txnindex)");
    private static final List<String> TO_BE_RENAMED = List.of("checkpoint.new",
            "taffrail.format.new");

    private final Disk disk;
    private final Path dataDir;
    private final Path logsFolder;
    private int deleted;
    private int remaining;

    Sweep(Disk disk, Path dataDir, Path logsFolder) {
        this.disk = disk;
        this.dataDir = dataDir;
        this.logsFolder = logsFolder;
    }

    /**
     * Sweeps the directory.
     *
     * @param logs
     *            all logs of the directory
     */
    void run(Map<LogId, StoredLog> logs) {
        for (String name : TO_BE_RENAMED) {
            if (disk.exists(dataDir.resolve(name))) {
                delete(dataDir.resolve(name));
            }
        }
        for (String name : list(logsFolder)) {
            if (!LogId.isLegal(name)) {
                continue;
            }
            StoredLog log = logs.get(new LogId(name));
            if (log != null) {
                sweep(log);
            } else if (disk.isFolder(logsFolder.resolve(name))) {
                sweepFolder(logsFolder.resolve(name));
            }
        }
        if (deleted > 0 || remaining > 0) {
            LOG.info("ENG-010 deleted {} files that belonged to no log; {} could not be deleted",
                    deleted, remaining);
        }
    }

    private void sweep(StoredLog log) {
        Set<String> owned = new HashSet<>();
        for (Segment segment : log.segments()) {
            String file = String.valueOf(segment.path().getFileName());
            owned.add(file);
            String stem = file.substring(0, file.length() - "log".length());
            owned.add(stem + "index");
            owned.add(stem + "txnindex");
        }
        for (String name : list(log.folder())) {
            if (OURS.matcher(name).matches() && !owned.contains(name)) {
                delete(log.folder().resolve(name));
            }
        }
    }

    /** Sweeps the folder of a deleted log, or of one whose creation was never acknowledged. */
    private void sweepFolder(Path folder) {
        List<String> names = list(folder);
        names.stream().filter(it -> OURS.matcher(it).matches())
                .forEach(it -> delete(folder.resolve(it)));
        if (names.stream().allMatch(it -> OURS.matcher(it).matches())) {
            delete(folder);
        } else {
            LOG.warn("ENG-011 {} belongs to no log, but holds files that are not the broker's",
                    folder);
        }
    }

    private List<String> list(Path folder) {
        try {
            return disk.list(folder);
        } catch (IOException e) {
            LOG.warn("ENG-012 {} cannot be swept: {}", folder, e.toString());
            return List.of();
        }
    }

    private void delete(Path path) {
        try {
            disk.delete(path);
            deleted++;
            LOG.debug("deleted {}, which belonged to no log", path);
        } catch (IOException e) {
            remaining++;
            LOG.warn("ENG-012 {} belongs to no log, but remains: {}", path, e.toString());
        }
    }
}
