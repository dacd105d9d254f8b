package io.taffrail.simulation.engine;

import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;

/** The activity in one life: clients work, time passes, and the disk misbehaves. */
final class EngineSession {

    private final EngineLives lives;
    private final Life life;
    private final Work work;

    EngineSession(EngineLives lives, Life life) {
        this.lives = lives;
        this.life = life;
        this.work = new Work(life, lives.history(), lives.scenario(), lives.dice().split(),
                lives.clock());
    }

    /**
     * Performs random operations.
     *
     * @param moods
     *            true if the disk may fail or be full, as the scenario has it
     */
    void work(int operations, boolean moods) {
        Dice dice = lives.dice();
        lives.history().usable().forEach(work.appending()::repeatUnanswered);
        boolean failing = moods && lives.scenario().failures() && dice.flip();
        boolean filling = moods && lives.scenario().full() && dice.flip();
        for (int i = 0; i < operations; i++) {
            mood(failing, filling);
            work.something();
            for (int steps = dice.below(8); steps > 0; steps--) {
                life.scheduler().step();
            }
            life.scheduler().pass(dice.below(30));
        }
        life.scheduler().requireNoFailure();
        life.requireNoTrouble();
    }

    private void mood(boolean failing, boolean filling) {
        Dice dice = lives.dice();
        SimDisk disk = lives.disk();
        if (failing && dice.oneIn(20)) {
            disk.faults().failSome(dice.between(1, 3), dice.between(1, 30));
        }
        if (filling && dice.oneIn(20)) {
            disk.limitTo(disk.isLimited() ? Long.MAX_VALUE : dice.below(60_000));
        }
    }
}
