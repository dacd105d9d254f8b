package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.world.Dice;
import java.util.ArrayList;
import java.util.List;

/** Random actions of transactional producers and their readers in one life of the broker. */
final class TransactionalClients implements Clients {

    private final HeadMachine machine;
    private final int cuts;
    private final Dice dice;
    private final List<SimTransactionalProducer> producers;
    private final List<CommittedFetcher> fetchers = new ArrayList<>();

    TransactionalClients(HeadMachine machine, int cuts, HeadHistory history,
            TransactionHistory transactions, List<SimTransactionalProducer> producers, Dice dice) {
        this.machine = machine;
        this.cuts = cuts;
        this.dice = dice;
        this.producers = producers;
        producers.forEach(producer -> producer.reconnect(machine, dice.split()));
        fetchers.add(new CommittedFetcher(history, transactions, machine));
        fetchers.add(new CommittedFetcher(history, transactions, machine));
    }

    @Override
    public void something() {
        if (dice.oneIn(cuts)) {
            if (dice.flip()) {
                dice.pick(producers).cut();
            } else {
                dice.pick(fetchers).cut();
            }
        }
        switch (dice.below(20)) {
            case 0, 1, 2, 3, 4 -> dice.pick(fetchers).fetch();
            case 5 -> dice.pick(producers).staleMarker();
            default -> producers.forEach(SimTransactionalProducer::step);
        }
    }

    @Override
    public void leave() {
        if (!machine.disk().hasFailed()) {
            machine.scheduler().until("all answers", () -> producers.stream()
                    .allMatch(SimTransactionalProducer::isAnswered));
        }
    }
}
