package io.taffrail.simulation.amqp;

import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A client with one connection: channel 1 publishes with confirms, channels from 2 on consume.
 * Bytes of a connection keep their order, so a settlement sent before a publish is durable when
 * that publish is confirmed.
 */
final class AmqpClient implements AmqpLink.Hears {

    private static final int PUBLISHES = 1;

    /** An unconfirmed message, and the settlements sent before it. */
    private record Asked(int id, List<QueueEntry> settledBefore) {}

    private final AmqpMachine machine;
    private final AmqpHistory history;
    private final Dice dice;
    private final AmqpLink link;
    private final int prefetch;
    private final boolean greedy;
    private final NavigableMap<Long, Asked> unanswered = new TreeMap<>();
    private final List<NavigableMap<Long, QueueEntry>> held = new ArrayList<>();
    private List<QueueEntry> settling = new ArrayList<>();
    private long tag;
    private boolean ready;
    private boolean leaving;
    private int waiting = -1;
    private int asked;
    private int bound;

    /**
     * @param prefetch
     *            0 for no limit
     * @param greedy
     *            true if it only takes deliveries and settles none
     */
    AmqpClient(AmqpMachine machine, AmqpHistory history, Dice dice, int prefetch, boolean greedy) {
        this.machine = machine;
        this.history = history;
        this.dice = dice;
        this.prefetch = prefetch;
        this.greedy = greedy;
        AmqpHistory.QUEUES.forEach(_ -> held.add(new TreeMap<>()));
        this.link = new AmqpLink(machine, this, greedy ? 0 : dice.pick(List.of(0, 0, 1)));
    }

    boolean isReady() {
        return ready && link.isOpen();
    }

    /** True if the server has finished with the connection. */
    boolean isGone() {
        return link.isGone();
    }

    boolean isAnswered() {
        return unanswered.isEmpty();
    }

    @Override
    public void opened() {
        for (int channel = 1; channel <= 1 + AmqpHistory.QUEUES.size(); channel++) {
            link.method(channel, AmqpLink.CHANNEL, 10, out -> Frames.shortText(out, ""));
        }
        link.method(PUBLISHES, AmqpLink.CONFIRM, 10, out -> out.writeByte(0));
        for (String queue : AmqpHistory.QUEUES) {
            declare(queue);
        }
    }

    /** The queues are declared and bound. */
    private void bound() {
        bound++;
        for (int i = 0; bound == AmqpHistory.QUEUES.size() && i < bound; i++) {
            consume(2 + i, AmqpHistory.QUEUES.get(i));
        }
    }

    private void declare(String queue) {
        link.method(PUBLISHES, AmqpLink.QUEUE, 10, out -> {
            out.writeShort(0);
            Frames.shortText(out, queue);
            out.writeByte(2);
            if (queue.equals("quorum")) {
                out.writeInt(1 + 12 + 1 + 4 + 6 + 1 + 16 + 1 + 4);
                Frames.shortText(out, "x-queue-type");
                out.writeByte('S');
                Frames.longText(out, "quorum");
                Frames.shortText(out, "x-delivery-limit");
                out.writeByte('I');
                out.writeInt(-1);
            } else {
                out.writeInt(0);
            }
        });
        link.method(PUBLISHES, AmqpLink.QUEUE, 20, out -> {
            out.writeShort(0);
            Frames.shortText(out, queue);
            Frames.shortText(out, AmqpHistory.FANOUT);
            Frames.shortText(out, "");
            out.writeByte(0);
            out.writeInt(0);
        });
    }

    private void consume(int channel, String queue) {
        link.method(channel, AmqpLink.BASIC, 10, out -> {
            out.writeInt(0);
            out.writeShort(prefetch);
            out.writeByte(0);
        });
        link.method(channel, AmqpLink.BASIC, 20, out -> {
            out.writeShort(0);
            Frames.shortText(out, queue);
            Frames.shortText(out, "c" + channel);
            out.writeByte(0);
            out.writeInt(0);
        });
    }

    @Override
    public void method(int channel, int type, int id, ByteBuffer arguments) {
        if (type == AmqpLink.BASIC && id == 21) {
            ready |= channel == 1 + AmqpHistory.QUEUES.size();
        } else if (type == AmqpLink.BASIC && (id == 80 || id == 120)) {
            answered(arguments.getLong(), (arguments.get() & 1) != 0, id == 80);
        } else if (type == AmqpLink.QUEUE && id == 21) {
            bound();
        } else if (type == AmqpLink.QUEUE && id == 11 && bound == AmqpHistory.QUEUES.size()) {
            AmqpLink.text(arguments);
            waiting = arguments.getInt();
            asked--;
        } else if (type == AmqpLink.CHANNEL && id == 40) {
            throw new Violation("a channel is not closed without cause",
                    arguments.getShort() + " " + AmqpLink.text(arguments));
        }
    }

    private void answered(long upTo, boolean multiple, boolean stored) {
        var answers = multiple
                ? unanswered.headMap(upTo, true)
                : unanswered.subMap(upTo, true, upTo, true);
        if (!unanswered.containsKey(upTo)) {
            throw new Violation("every publish has one answer", upTo + " of " + tag + ", "
                    + unanswered.keySet());
        }
        if (!stored && !machine.disk().hasBeenFull() && !machine.disk().hasFailed()) {
            throw new Violation("nothing is refused without cause", String.valueOf(upTo));
        }
        for (Asked each : answers.values()) {
            machine.trace().event(stored ? "confirmed" : "rejected", "", each.id, upTo);
            if (stored) {
                history.stored(each.id);
                each.settledBefore.forEach(QueueEntry::settled);
            } else {
                settling.addAll(each.settledBefore);
            }
        }
        answers.clear();
    }

    @Override
    public void delivered(int channel, long deliveryTag, boolean redelivered, byte[] body) {
        int end = 0;
        while (end < body.length && body[end] != ' ') {
            end++;
        }
        int id = Integer.parseInt(new String(body, 0, end, StandardCharsets.US_ASCII));
        if (!Arrays.equals(body, body(id))) {
            throw new Violation("what is delivered was published", "a body of " + id);
        }
        NavigableMap<Long, QueueEntry> mine = held.get(channel - 2);
        if (leaving || link.isGone()) {
            // The answer is late: the server has already delivered the message to another consumer.
            return;
        }
        mine.put(deliveryTag, history.delivered(id, AmqpHistory.QUEUES.get(channel - 2), this,
                redelivered));
        if (prefetch > 0 && mine.size() > prefetch) {
            throw new Violation("nobody gets more than the prefetch", mine.toString());
        }
    }

    static byte[] body(int id) {
        byte[] start = (id + " ").getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(start, start.length + id * 37 % 700);
    }

    /** Performs a random action if it is connected. */
    void something() {
        if (!isReady()) {
            return;
        }
        switch (dice.below(10)) {
            case 0, 1, 2, 3 -> publish();
            case 4, 5, 6 -> settle(80);
            case 7 -> settle(120);
            case 8 -> link.send(Frames.heartbeat());
            default -> publish();
        }
    }

    void publish() {
        for (int i = dice.between(1, 3); i > 0; i--) {
            boolean fan = dice.oneIn(3);
            String queue = dice.pick(AmqpHistory.QUEUES);
            int id = history.publish(fan ? AmqpHistory.QUEUES : List.of(queue));
            unanswered.put(++tag, new Asked(id, settling));
            settling = new ArrayList<>();
            machine.trace().event("publish", fan ? "both" : queue, id, tag);
            link.send(Frames.publish(PUBLISHES, fan ? AmqpHistory.FANOUT : "", fan ? "" : queue,
                    body(id), dice.below(300)));
        }
    }

    /**
     * Settles one delivery, or all up to one.
     *
     * @param how
     *            method id: 80 for {@code basic.ack}, 120 for {@code basic.nack} with requeue
     */
    private void settle(int how) {
        int index = dice.below(held.size());
        NavigableMap<Long, QueueEntry> mine = held.get(index);
        if (greedy || mine.isEmpty()) {
            return;
        }
        boolean multiple = dice.oneIn(3);
        long upTo = dice.pick(List.copyOf(mine.keySet()));
        var those = multiple ? mine.headMap(upTo, true) : mine.subMap(upTo, true, upTo, true);
        machine.trace().event(how == 80 ? "ack" : "nack", those.values().toString(), upTo, index);
        for (QueueEntry entry : those.values()) {
            if (how == 80) {
                entry.settling(this);
                settling.add(entry);
            } else {
                entry.givenBack(this);
            }
        }
        those.clear();
        link.method(2 + index, AmqpLink.BASIC, how, out -> {
            out.writeLong(upTo);
            out.writeByte((multiple ? 1 : 0) | (how == 120 ? 2 : 0));
        });
    }

    /** Requests the number of ready messages of a queue. */
    void count(String queue) {
        asked++;
        link.method(PUBLISHES, AmqpLink.QUEUE, 10, out -> passive(out, queue));
    }

    private static void passive(DataOutputStream out, String queue) throws IOException {
        out.writeShort(0);
        Frames.shortText(out, queue);
        out.writeByte(1);
        out.writeInt(0);
    }

    /** The answer to the last {@link #count}; -1 while there is none. */
    int counted() {
        return asked > 0 ? -1 : waiting;
    }

    void cut() {
        if (!leaving) {
            lost();
            link.cut();
        }
    }

    /**
     * The connection is lost: all its deliveries are requeued, including those not yet received.
     */
    @Override
    public void lost() {
        leaving = true;
        held.forEach(it -> {
            it.values().forEach(entry -> entry.givenBack(this));
            it.clear();
        });
    }
}
