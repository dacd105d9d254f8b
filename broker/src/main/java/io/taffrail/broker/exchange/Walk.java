package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The routing of one message through exchanges to queues, each of which it reaches once. One object
 * serves all messages of a virtual host, one after another. Owner thread only.
 */
public final class Walk {

    /** The last walk number; unique among all walks, which share destinations. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final List<Destination> queues = new ArrayList<>();
    private final Deque<Exchange> open = new ArrayDeque<>();
    private final List<RecentHistory> histories = new ArrayList<>(1);
    private final List<Gate> passed = new ArrayList<>(1);
    private final List<Gate> stoppedBy = new ArrayList<>(1);
    private boolean blocked;
    private long number;
    private Properties properties = Properties.none();
    private String firstKey = "";
    private List<String> moreKeys = List.of();
    /** The key that routers match at the moment. */
    private String key = "";
    private int reachedInStep;
    /** Number of destinations and bindings examined in all walks. */
    private long cost;

    /** Begins the walk of another message. */
    public void begin(Properties messageProperties) {
        properties = messageProperties;
        queues.clear();
        histories.clear();
        passed.clear();
        stoppedBy.clear();
        blocked = false;
    }

    /** Whether the walk met a gate that is {@linkplain Gate#isOut() out of use}. */
    public boolean isBlocked() {
        return blocked;
    }

    /** Whether a gate admits the message; the gate is asked once, however many keys there are. */
    boolean passes(Gate gate) {
        if (passed.contains(gate)) {
            return true;
        }
        if (stoppedBy.contains(gate)) {
            return false;
        }
        if (gate.isOut()) {
            blocked = true;
            return false;
        }
        boolean admitted = gate.admits(properties);
        (admitted ? passed : stoppedBy).add(gate);
        return admitted;
    }

    /** Adds a history of an exchange that the message passed. */
    void passed(RecentHistory history) {
        histories.add(history);
    }

    /** Adds the message, as consumers see it, to the histories of the exchanges that it passed. */
    public void remember(Message message) {
        for (int index = 0; index < histories.size(); index++) {
            histories.get(index).add(message);
        }
    }

    /** Tells the gates that admitted the message that it was not stored. */
    public void withdraw() {
        for (int index = 0; index < passed.size(); index++) {
            passed.get(index).withdraw(properties);
        }
    }

    /**
     * Follows bindings from {@code exchange}. Every exchange matches all keys of the message; each
     * exchange and each queue is reached once.
     *
     * @param moreKeys
     *            keys from {@code CC} and {@code BCC}, besides the routing key
     */
    public void from(Exchange exchange, String routingKey, List<String> moreKeys) {
        firstKey = routingKey;
        this.moreKeys = moreKeys;
        number = NUMBERS.incrementAndGet();
        if (exchange.enter(number)) {
            open.add(exchange);
        }
        while (!open.isEmpty()) {
            step(open.remove());
        }
    }

    private void step(Exchange exchange) {
        reachedInStep = 0;
        key = firstKey;
        exchange.router().route(this);
        cost++;
        if (exchange.router().isByKey()) {
            for (int index = 0; index < moreKeys.size(); index++) {
                key = moreKeys.get(index);
                exchange.router().route(this);
            }
            cost += moreKeys.size();
        }
        if (reachedInStep == 0) {
            exchange.alternate().ifPresent(this::enter);
        }
    }

    /** Adds a destination whose binding matches. */
    void match(Destination destination) {
        reachedInStep++;
        cost++;
        enter(destination);
    }

    private void enter(Destination destination) {
        if (destination.enter(number)) {
            destination.reach(this);
        }
    }

    /** Counts bindings, or parts of them, that a router has examined. */
    void charge(int looks) {
        cost += looks;
    }

    /** Destinations and bindings examined for all messages so far. */
    public long cost() {
        return cost;
    }

    void lead(Exchange exchange) {
        open.add(exchange);
    }

    /** Adds a queue that was reached. */
    public void found(Destination queue) {
        queues.add(queue);
    }

    /** Queues in the order in which they were reached; valid until the next {@link #begin}. */
    public List<Destination> queues() {
        return queues;
    }

    String key() {
        return key;
    }

    Properties properties() {
        return properties;
    }
}
