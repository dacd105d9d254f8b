package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The routing of one message through exchanges to queues, each of which it reaches once. One object
 * serves many messages, one after another. Owner thread only.
 *
 * <p>
 * A walk may be made in steps, with other work of the owner between them. A {@linkplain #suspend
 * suspended} walk sees changes of the topology where it has not been yet: it may reach a queue or
 * not that is bound, unbound or deleted meanwhile.
 */
public final class Walk {

    /** The last walk number; unique among all walks, which share destinations. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final List<Destination> queues = new ArrayList<>();
    /** The exchanges reached; those from {@link #nextExchange} on are still to be routed. */
    private final List<Exchange> exchanges = new ArrayList<>(2);
    private int nextExchange;
    /** The exchange being routed, of which keys or a part of a route are left; else null. */
    private @Nullable Exchange routing;
    private int nextKey;
    private @Nullable Runnable left;
    private final List<RecentHistory> histories = new ArrayList<>(1);
    private final List<Gate> passed = new ArrayList<>(1);
    private final List<Gate> stoppedBy = new ArrayList<>(1);
    private boolean blocked;
    /** Whether the gates in {@link #passed} hold a mark of the message. */
    private boolean marked = true;
    private long number;
    private Properties properties = Properties.none();
    private String firstKey = "";
    private List<String> moreKeys = List.of();
    /** The key that routers match at the moment. */
    private String key = "";
    private int reachedFromExchange;
    /** Destinations reached by a walk that was suspended; other walks use the marks meanwhile. */
    private @Nullable Set<Destination> reached;
    /** Number of destinations and bindings examined in all walks. */
    private long cost;
    private long costLimit;

    /** Begins the walk of another message. */
    public void begin(Properties messageProperties) {
        properties = messageProperties;
        queues.clear();
        histories.clear();
        passed.clear();
        stoppedBy.clear();
        blocked = false;
        marked = true;
        exchanges.clear();
        nextExchange = 0;
        routing = null;
        left = null;
        reached = null;
    }

    /** As {@link #begin}, without marks at gates until {@link #isAdmitted} is asked. */
    public void beginWithoutMarks(Properties messageProperties) {
        begin(messageProperties);
        marked = false;
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
        if (admitted && !marked) {
            gate.withdraw(properties);
        }
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
        for (int index = 0; marked && index < passed.size(); index++) {
            passed.get(index).withdraw(properties);
        }
    }

    /**
     * Follows bindings from {@code exchange}, to the end. Every exchange matches all keys of the
     * message; each exchange and each queue is reached once.
     *
     * @param moreKeys
     *            keys from {@code CC} and {@code BCC}, besides the routing key
     */
    public void from(Exchange exchange, String routingKey, List<String> moreKeys) {
        boolean over = from(exchange, routingKey, moreKeys, Long.MAX_VALUE);
        assert over : "a walk without a limit ended early";
    }

    /**
     * As above, until the walk has cost {@code most}, or somewhat more: one exchange is asked for
     * one word of one key at least.
     *
     * @return whether the walk is over; if not, call {@link #goOn}
     */
    public boolean from(Exchange exchange, String routingKey, List<String> keys, long most) {
        firstKey = routingKey;
        moreKeys = keys;
        number = NUMBERS.incrementAndGet();
        if (exchange.enter(number)) {
            exchanges.add(exchange);
        }
        return goOn(most);
    }

    /** Goes on until the walk has cost {@code most} more; returns whether it is over. */
    public boolean goOn(long most) {
        costLimit = most == Long.MAX_VALUE ? most : cost + most;
        while (hasMore()) {
            step();
            if (isSpent() && hasMore()) {
                return false;
            }
        }
        return true;
    }

    private boolean hasMore() {
        return routing != null || nextExchange < exchanges.size();
    }

    /** Routes by the next key, or by a part of it. */
    private void step() {
        Exchange exchange = routing;
        if (exchange == null) {
            exchange = exchanges.get(nextExchange++);
            routing = exchange;
            reachedFromExchange = 0;
            nextKey = -1;
        }
        Runnable rest = left;
        if (rest != null) {
            left = null;
            rest.run();
        } else {
            key = nextKey < 0 ? firstKey : moreKeys.get(nextKey);
            nextKey++;
            cost++;
            exchange.router().route(this);
        }
        if (left == null && (nextKey == moreKeys.size() || !exchange.router().isByKey())) {
            routing = null;
            if (reachedFromExchange == 0) {
                exchange.alternate().ifPresent(this::enter);
            }
        }
    }

    /** Whether the walk has cost as much as one step of it may. */
    boolean isSpent() {
        return cost >= costLimit;
    }

    /** Leaves the rest of a router's part to the next step of the walk. */
    void later(Runnable rest) {
        left = rest;
    }

    /**
     * Prepares the walk for other walks between its steps. What gates were told is undone; they are
     * asked again by {@link #isAdmitted}, so that a mark is stored in one turn with its message.
     *
     * @param copy
     *            the message's properties, in buffers that stay unchanged until the walk is over
     */
    public void suspend(Properties copy) {
        properties = copy;
        if (reached == null) {
            Set<Destination> all = Collections.newSetFromMap(new IdentityHashMap<>());
            all.addAll(queues);
            all.addAll(exchanges);
            reached = all;
            withdraw();
            marked = false;
        }
    }

    /**
     * Asks the gates again after a walk that was suspended.
     *
     * @return false if one decides otherwise than before, because a message with the same mark came
     *         or failed meanwhile, or because it is out of use; then no gate holds a mark of the
     *         message, which has to be rejected
     */
    public boolean isAdmitted() {
        int asked = 0;
        boolean same = true;
        while (same && asked < passed.size()) {
            Gate gate = passed.get(asked);
            same = !gate.isOut() && gate.admits(properties);
            asked += same ? 1 : 0;
        }
        for (int index = 0; same && index < stoppedBy.size(); index++) {
            Gate gate = stoppedBy.get(index);
            if (!gate.isOut() && gate.admits(properties)) {
                gate.withdraw(properties);
                same = false;
            }
        }
        if (!same) {
            passed.subList(0, asked).forEach(gate -> gate.withdraw(properties));
        }
        marked = same;
        return same;
    }

    /** Whether the walk passed a gate, or was stopped by one, or passed a history. */
    public boolean hasSideEffects() {
        return !passed.isEmpty() || !stoppedBy.isEmpty() || !histories.isEmpty();
    }

    /** Whether a gate keeps a mark of the message, which has to be stored with it. */
    public boolean hasMark() {
        return !passed.isEmpty();
    }

    /** Adds a destination whose binding matches. */
    void match(Destination destination) {
        reachedFromExchange++;
        cost++;
        enter(destination);
    }

    private void enter(Destination destination) {
        Set<Destination> before = reached;
        if (before == null ? destination.enter(number) : before.add(destination)) {
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
        exchanges.add(exchange);
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
