package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of one message through exchanges to queues, each queue once. One object serves all
 * messages of a virtual host, one after another. Owner thread only.
 */
public final class Walk {

    /** Numbers are unique among all walks, which share destinations. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final List<Destination> queues = new ArrayList<>();
    private final Deque<Exchange> open = new ArrayDeque<>();
    private final List<History> histories = new ArrayList<>(1);
    private final List<Gate> passed = new ArrayList<>(1);
    private final List<Gate> stoppedBy = new ArrayList<>(1);
    private boolean blocked;
    private long number;
    private Properties properties = Properties.none();
    private String firstKey = "";
    private List<String> moreKeys = List.of();
    /** The one that routers look at now. */
    private String key = "";
    private int reachedInStep;
    /** What all ways have cost, in destinations and bindings looked at. */
    private long cost;

    /** Begins the way of another message. */
    public void begin(Properties messageProperties) {
        properties = messageProperties;
        queues.clear();
        histories.clear();
        passed.clear();
        stoppedBy.clear();
        blocked = false;
    }

    /** Whether the way ended at a gate that is {@linkplain Gate#isOut() out of use}. */
    public boolean isBlocked() {
        return blocked;
    }

    /** Whether a gate lets the message on; it is asked once, however many keys there are. */
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

    /** An exchange is on the way that remembers its messages. */
    void passed(History history) {
        histories.add(history);
    }

    /** Keeps the message, as its receivers see it, where an exchange on its way remembers. */
    public void remember(Message message) {
        for (int index = 0; index < histories.size(); index++) {
            histories.get(index).add(message);
        }
    }

    /** The message was not taken: its gates may forget it. */
    public void withdraw() {
        for (int index = 0; index < passed.size(); index++) {
            passed.get(index).withdraw(properties);
        }
    }

    /**
     * Follows the bindings from {@code exchange}. At every exchange all keys of the message are
     * looked at; each exchange and each queue is seen once.
     *
     * @param moreKeys
     *            keys besides the routing key, out of {@code CC} and {@code BCC}
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

    /** A binding matches. */
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

    /** A router has looked at so many bindings, or parts of them. */
    void charge(int looks) {
        cost += looks;
    }

    /** Destinations and bindings that were looked at for all messages up to now. */
    public long cost() {
        return cost;
    }

    void lead(Exchange exchange) {
        open.add(exchange);
    }

    /** A queue is reached. */
    public void found(Destination queue) {
        queues.add(queue);
    }

    /** Queues reached, in the order they were; valid until the next {@link #begin}. */
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
