package io.taffrail.simulation.engine;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogOptions;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.engine.LogModel.Existence;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;

/** Random actions of clients and operators on an engine. */
final class Work {

    /** A possible action and its relative frequency. */
    private record Choice(int weight, Runnable action) {}

    private final Life life;
    private final EngineHistory history;
    private final Scenario scenario;
    private final Dice dice;
    private final SimClock clock;
    private final Appending appending;
    private final List<Choice> choices;
    private final int weights;

    Work(Life life, EngineHistory history, Scenario scenario, Dice dice, SimClock clock) {
        this.life = life;
        this.history = history;
        this.scenario = scenario;
        this.dice = dice;
        this.clock = clock;
        this.appending = new Appending(life, history, scenario, dice, clock);
        this.choices = List.of(new Choice(40, this::append), new Choice(6, this::commit),
                new Choice(4, this::repeatAnswered), new Choice(2, this::create),
                new Choice(1, this::delete), new Choice(2, this::trim), new Choice(2, this::roll),
                new Choice(scenario.changing() ? 12 : 0, this::changeDurability),
                new Choice(3, this::maintain), new Choice(8, this::read),
                new Choice(5, this::metadata), new Choice(4, this::waitAWhile));
        this.weights = choices.stream().mapToInt(Choice::weight).sum();
    }

    Appending appending() {
        return appending;
    }

    void something() {
        int left = dice.below(weights);
        for (Choice choice : choices) {
            left -= choice.weight;
            if (left < 0) {
                choice.action.run();
                return;
            }
        }
    }

    private void append() {
        List<LogModel> logs = history.usable();
        if (logs.isEmpty()) {
            create();
        } else {
            appending.append(dice.pick(logs));
        }
    }

    private void commit() {
        List<LogModel> logs = new ArrayList<>(history.usable());
        int owner = dice.below(2);
        logs.removeIf(it -> it.owner() != owner || !it.is(Durability.FSYNC) || dice.oneIn(4));
        if (!logs.isEmpty()) {
            appending.commit(logs);
        }
    }

    private void repeatAnswered() {
        history.usable().forEach(appending::repeatAnswered);
    }

    private void create() {
        if (history.usable().size() < scenario.logs()) {
            LogOptions options = scenario.options(dice);
            life.open(history.newLog(options, scenario.changes(options, dice), dice));
        }
    }

    private void delete() {
        List<LogModel> logs = history.usable();
        if (logs.size() < 2) {
            return;
        }
        LogModel log = dice.pick(logs);
        log.existence(Existence.GOING);
        life.forget(log);
        var _ = life.engine().delete(log.id()).whenComplete((none, failure) -> {
            if (!life.isOver() && failure == null) {
                log.existence(Existence.GONE);
            }
        });
    }

    private void onOwner(java.util.function.BiConsumer<LogModel, WritableLog> action) {
        List<LogModel> logs = history.usable();
        if (!logs.isEmpty()) {
            LogModel log = dice.pick(logs);
            life.owner(log).execute(() -> {
                WritableLog handle = life.handle(log);
                if (handle != null) {
                    action.accept(log, handle);
                }
            });
        }
    }

    private void trim() {
        int part = dice.below(101);
        onOwner((log, handle) -> {
            long range = handle.durableEnd() - handle.startOffset();
            long offset = handle.startOffset() + range * part / 100;
            log.startAsked(offset);
            life.trace().event("trim", log.toString(), offset, handle.nextOffset());
            handle.trimTo(offset);
        });
    }

    private void roll() {
        onOwner((log, handle) -> handle.roll());
    }

    private void changeDurability() {
        onOwner((log, handle) -> {
            if (log.isChanging()) {
                LogOptions changed = log.changeDurability();
                life.trace().event("durability", log + " " + changed.durability(),
                        handle.nextOffset(), 0);
                handle.reconfigure(changed);
            }
        });
    }

    private void maintain() {
        onOwner((log, handle) -> {
            log.startAsked(handle.durableEnd());
            handle.maintain(clock.millis());
            log.startRetained(handle.startOffset());
        });
    }

    private void read() {
        List<LogModel> logs = history.usable();
        if (logs.isEmpty()) {
            return;
        }
        LogModel log = dice.pick(logs);
        WritableLog handle = life.handle(log);
        if (handle == null) {
            return;
        }
        long start = handle.startOffset();
        long range = handle.durableEnd() - start;
        long from = start + dice.below((int) range + 1);
        String damage = LogCheck.damage(log, handle, from, !life.disk().hasFailed());
        if (!damage.isEmpty() && !life.disk().hasFailed() && !log.isLossy()) {
            throw new Violation("what is stored can be read", log + ": " + damage);
        }
    }

    private void metadata() {
        if (!history.meta().hasFailed()) {
            try {
                history.meta().apply(life.engine().metaStore(), dice, life::isOver);
            } catch (LogFailedException e) {
                if (!life.disk().hasFailed()) {
                    throw e;
                }
            }
        }
    }

    private void waitAWhile() {
        life.scheduler().pass(dice.below(2_000));
    }
}
