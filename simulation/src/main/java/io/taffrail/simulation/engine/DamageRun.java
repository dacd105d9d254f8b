package io.taffrail.simulation.engine;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * A run in which one bit flips while the machine is off. Either no check notices any difference,
 * or the damage is reported: by a start that names the file, or by the read of a log. Every record
 * read must be as stored.
 */
public final class DamageRun implements Run {

    private final EngineLives lives;

    public DamageRun(long seed) {
        this.lives = new EngineLives(seed, LocalLogEngine::open);
        lives.leaveAlone();
    }

    @Override
    public Trace trace() {
        return lives.trace();
    }

    @Override
    public void run() {
        try {
            Dice dice = lives.dice();
            Life life = lives.start();
            new EngineSession(lives, life).work(dice.between(20, 100), false);
            life.settle();
            if (dice.flip()) {
                lives.stop(life);
            } else {
                life.end();
                lives.crash(true);
            }
            if (damage(dice)) {
                start();
            }
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void start() {
        try {
            lives.allowDamage();
            // Records of durability os since the last checkpoint end at the damage.
            lives.history().logs().forEach(LogModel::damaged);
            lives.stop(lives.start());
        } catch (LogFailedException e) {
            throw new Violation("damage is reported", "without a name: " + e.getMessage(), e);
        } catch (Violation e) {
            if (!(e.getCause() instanceof LogFailedException refused)) {
                throw e;
            }
            if (!String.valueOf(refused.getMessage()).contains(Life.DIRECTORY + "/")) {
                throw new Violation("damage is reported",
                        "by words that name no file: " + refused.getMessage(), refused);
            }
        }
    }

    /** Flips a random bit whose change a check can detect. */
    private boolean damage(Dice dice) {
        List<SimDisk.Found> files = new ArrayList<>(lives.disk().files());
        files.removeIf(it -> it.size() == 0 || it.path().endsWith("lock")
                || it.path().startsWith(Life.DIRECTORY.resolve("transient")));
        SimDisk.Found file = dice.pick(files);
        int position = dice.below(file.size());
        if (Undetectable.isAt(file, position, files)) {
            return false;
        }
        lives.trace().event("flip", file.path().toString().replaceAll("[^/]*.journal", "*.journal"),
                position, 0);
        file.flip(position, dice.below(8));
        return true;
    }
}
