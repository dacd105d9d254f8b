package io.taffrail.simulation.engine;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.simulation.world.Dice;
import java.util.ArrayList;
import java.util.List;

/** All requests to the engine and its promises, over all lives of the machine. */
final class EngineHistory {

    private final List<LogModel> logs = new ArrayList<>();
    private final List<CommitModel> commits = new ArrayList<>();
    private final MetaModel meta = new MetaModel();
    private int names;
    private int values;
    private long producers = 1_000;

    List<LogModel> logs() {
        return logs;
    }

    List<CommitModel> commits() {
        return commits;
    }

    MetaModel meta() {
        return meta;
    }

    /**
     * Returns the model of a new log; ids are never reused.
     *
     * @param changing
     *            true if its durability will change
     */
    LogModel newLog(LogOptions options, boolean changing, Dice dice) {
        List<Producing> mine = new ArrayList<>();
        // Only a log that is always forced has producers: a log of another kind may lose records,
        // and its producers would not learn of it.
        if (options.durability() == Durability.FSYNC && !changing) {
            for (int i = dice.below(3); i > 0; i--) {
                mine.add(new Producing(producers++));
            }
        }
        LogModel log = new LogModel(new LogId("log-" + names++), options, dice.below(2), changing,
                mine);
        logs.add(log);
        return log;
    }

    /** True if a log was deleted, which fails its pending appends. */
    boolean hasDeletions() {
        return logs.stream().anyMatch(it -> it.existence() == LogModel.Existence.GOING
                || it.existence() == LogModel.Existence.GONE);
    }

    /** Logs that certainly exist and are not being deleted. */
    List<LogModel> usable() {
        return logs.stream().filter(LogModel::isUsable).toList();
    }

    /** A value that no other record has. */
    String value(Dice dice, int maxBytes) {
        return "v" + values++ + "-" + "x".repeat(dice.below(maxBytes));
    }
}
