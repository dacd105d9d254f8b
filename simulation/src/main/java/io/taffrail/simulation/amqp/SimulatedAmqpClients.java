package io.taffrail.simulation.amqp;

import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.world.Dice;
import java.util.ArrayList;
import java.util.List;

/** The connections in one life of a machine. */
final class SimulatedAmqpClients implements Clients {

    private static final int MOST = 3;

    private final AmqpMachine machine;
    private final AmqpHistory history;
    private final int cuts;
    private final Dice dice;
    private final List<AmqpClient> clients = new ArrayList<>();

    /**
     * @param cuts
     *            a connection is lost once in this many actions
     */
    SimulatedAmqpClients(AmqpMachine machine, AmqpHistory history, int cuts, Dice dice) {
        this.machine = machine;
        this.history = history;
        this.cuts = cuts;
        this.dice = dice;
    }

    @Override
    public void something() {
        clients.removeIf(AmqpClient::isGone);
        if (clients.size() < MOST && dice.oneIn(clients.isEmpty() ? 1 : 10)) {
            clients.add(new AmqpClient(machine, history, dice.split(),
                    dice.pick(List.of(0, 1, 3, 10)), dice.oneIn(8)));
        }
        if (!clients.isEmpty()) {
            AmqpClient client = dice.pick(clients);
            client.something();
            if (dice.oneIn(cuts)) {
                client.cut();
            }
        }
    }

    /** Cuts every connection and waits until the head has noticed. */
    @Override
    public void leave() {
        if (dice.flip() && !machine.disk().hasFailed()) {
            machine.scheduler().until("all answers", () -> clients.stream()
                    .allMatch(it -> !it.isReady() || it.isAnswered()));
        }
        clients.forEach(AmqpClient::cut);
        machine.scheduler().until("connections to end",
                () -> clients.stream().allMatch(AmqpClient::isGone));
        clients.clear();
    }
}
