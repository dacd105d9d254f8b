package io.taffrail.simulation.kafka;

import io.taffrail.simulation.kafka.TransactionRequests.Sender;
import io.taffrail.simulation.kafka.TransactionRequests.Step;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer with one request at a time, of version 1 or 2 of the protocol. It
 * repeats a request whose answer is lost, also in the next life, unless that may end a later
 * transaction: in version 1 a delayed EndTxn has the epoch of the next transaction too. Sometimes
 * it sends a batch after the request to end the transaction, on another connection.
 */
final class SimTransactionalProducer {

    /** Errors after which a request is sent again. */
    static final Set<Errors> PASSING = Set.of(Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR,
            Errors.CONCURRENT_TRANSACTIONS, Errors.NOT_ENOUGH_REPLICAS,
            Errors.NOT_LEADER_OR_FOLLOWER, Errors.UNSTABLE_OFFSET_COMMIT);
    private static final Set<Errors> FENCED = Set.of(Errors.INVALID_PRODUCER_EPOCH,
            Errors.PRODUCER_FENCED, Errors.INVALID_PRODUCER_ID_MAPPING, Errors.INVALID_TXN_STATE);

    private final HeadHistory history;
    private final TransactionHistory transactions;
    private final String id;
    private final String group;
    private final boolean second;
    private final Map<PartitionModel, Integer> sequences = new HashMap<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private @Nullable HeadMachine machine;
    private Dice dice = new Dice(0);
    private @Nullable KafkaLink link;
    private @Nullable KafkaLink other;
    private @Nullable SimTransaction transaction;
    private long producerId = -1;
    private short epoch = -1;
    private boolean found;
    private boolean asking;
    /** An attempt to end the transaction has an unknown outcome. */
    private boolean endLost;
    private boolean sentLate;

    /**
     * @param second
     *            true for version 2 of the protocol (KIP-890)
     */
    SimTransactionalProducer(HeadHistory history, TransactionHistory transactions, String id,
            String group, boolean second) {
        this.history = history;
        this.transactions = transactions;
        this.id = id;
        this.group = group;
        this.second = second;
    }

    /** The next life has begun: the producer goes on, or is started again. */
    void reconnect(HeadMachine next, Dice nextDice) {
        if (asking) {
            lost();
        }
        machine = next;
        dice = nextDice;
        link = null;
        other = null;
        if (dice.oneIn(3)) {
            abandon();
        }
    }

    boolean isAnswered() {
        return !asking;
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    /** Sends the next request if the last one was answered. */
    void step() {
        KafkaLink open = connect();
        if (asking) {
            return;
        }
        Sender sender = sender();
        if (!found) {
            sender.find(open, answer(open, this::find));
        } else if (producerId < 0) {
            sender.init(open, dice.pick(List.of(100, 400, 3_000)), answer(open, this::begun));
        } else {
            if (transaction == null) {
                begin();
            }
            Step now = steps.element();
            if (now instanceof Step.End end && end.commit()) {
                current().commitSent();
            }
            sender.send(open, now, answer(open, this::done));
            if (now instanceof Step.End) {
                sendLate();
            }
        }
    }

    private KafkaLink connect() {
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            if (asking) {
                lost();
            }
            open = new KafkaLink(machine());
            link = open;
            found = false;
        }
        return open;
    }

    private HeadMachine machine() {
        if (machine == null) {
            throw new IllegalStateException("a producer acts in a life");
        }
        return machine;
    }

    private SimTransaction current() {
        if (transaction == null) {
            throw new IllegalStateException("no transaction has begun");
        }
        return transaction;
    }

    private Sender sender() {
        return new Sender(id, group, producerId, epoch, second, machine().nowMs());
    }

    private KafkaLink.Answer answer(KafkaLink on, Consumer<ApiMessage> taker) {
        asking = true;
        return new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                if (on.equals(link)) {
                    asking = false;
                    taker.accept(body);
                }
            }

            @Override
            public void lost() {
                if (on.equals(link)) {
                    SimTransactionalProducer.this.lost();
                }
            }
        };
    }

    private void lost() {
        asking = false;
        if (steps.peek() instanceof Step.End && found && producerId >= 0) {
            endLost = true;
            if (!second) {
                abandon();
            }
        }
    }

    private void find(ApiMessage body) {
        found = TransactionRequests.error(body) == Errors.NONE;
        if (!found) {
            require(TransactionRequests.error(body), "the search for a coordinator");
        }
    }

    private void begun(ApiMessage body) {
        InitProducerIdResponseData answer = (InitProducerIdResponseData) body;
        if (answer.errorCode() == 0) {
            machine().trace().event("producer", id, answer.producerId(), answer.producerEpoch());
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
            sequences.clear();
        } else {
            require(Errors.forCode(answer.errorCode()), "a producer id");
        }
    }

    /** Plans the requests of a transaction. */
    private void begin() {
        SimTransaction begun = transactions.begin(id + (second ? " in version 2" : ""));
        transaction = begun;
        endLost = false;
        sentLate = false;
        Set<PartitionModel> partitions = new LinkedHashSet<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
            partitions.add(dice.pick(history.partitions()));
        }
        for (PartitionModel partition : partitions) {
            if (!second) {
                steps.add(new Step.Add(partition));
            }
            for (int batches = dice.between(1, 2); batches > 0; batches--) {
                steps.add(batch(begun, partition, dice.between(1, 2), false));
            }
        }
        if (dice.oneIn(3)) {
            long offset = history.nextIds(1);
            transactions.commitsOffset(begun, group, offset);
            if (!second) {
                steps.add(new Step.AddOffsets());
            }
            steps.add(new Step.CommitOffset(offset));
        }
        steps.add(new Step.End(!dice.oneIn(4)));
    }

    private Step.Write batch(SimTransaction of, PartitionModel partition, int count,
            boolean late) {
        int sequence = sequences.getOrDefault(partition, 0);
        sequences.put(partition, sequence + count);
        long first = history.nextIds(count);
        for (long each = first; each < first + count; each++) {
            transactions.sends(of, each);
            if (late) {
                of.lateRecord(each);
            } else {
                of.record(each, partition);
            }
        }
        return new Step.Write(partition, first, count, sequence);
    }

    /** A batch that arrives before or after the end of its transaction. */
    private void sendLate() {
        SimTransaction of = current();
        if (sentLate || of.records().isEmpty() || !dice.oneIn(3)) {
            return;
        }
        sentLate = true;
        KafkaLink open = other;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine());
            other = open;
        }
        PartitionModel partition = dice.pick(List.copyOf(of.records().values()));
        sender().send(open, batch(of, partition, 1, true), new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                // Whether it was in time is seen by what is read.
            }

            @Override
            public void lost() {
                // A late batch is not sent again.
            }
        });
    }

    private void done(ApiMessage body) {
        Errors error = TransactionRequests.error(body);
        Step now = steps.element();
        if (error == Errors.NONE) {
            steps.remove();
            if (now instanceof Step.Write) {
                current().written();
            } else if (now instanceof Step.End(boolean commit)) {
                ended(commit, body);
            }
        } else if (FENCED.contains(error)) {
            machine().trace().event("fenced", id + " " + error, producerId, epoch);
            if (now instanceof Step.End(boolean commit) && commit && !endLost) {
                transactions.refused(current());
            }
            abandon();
        } else {
            require(error, now.toString());
        }
    }

    private void ended(boolean commit, ApiMessage body) {
        machine().trace().event("ended", current().toString(), producerId, epoch);
        transactions.ended(current(), commit);
        transaction = null;
        if (second) {
            EndTxnResponseData answer = (EndTxnResponseData) body;
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
            sequences.clear();
        } else if (sentLate) {
            // The next sequence is not known.
            abandon();
        }
    }

    /** Gives the transaction up; the next step asks for an epoch, which fences this producer. */
    private void abandon() {
        transaction = null;
        steps.clear();
        producerId = -1;
    }

    private void require(Errors error, String what) {
        if (error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
            throw new Violation("a producer's retry finds its batch", id + ": " + what);
        }
        if (!PASSING.contains(error)) {
            history.requireCause(machine(), id + ": " + what, error);
        }
        found &= error != Errors.NOT_COORDINATOR;
    }

    /** Sends the end of an older epoch to a partition of the transaction; it must be refused. */
    void staleMarker() {
        SimTransaction now = transaction;
        if (now == null || epoch < 1 || !now.isWritten()) {
            return;
        }
        KafkaLink open = other;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine());
            other = open;
        }
        PartitionModel partition = now.records().values().iterator().next();
        machine().trace().event("stale-marker", id + " " + partition, producerId, epoch);
        sender().mark(open, partition, (short) (epoch - 1), new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                // A marker that was taken tears the transaction, which the check finds.
            }

            @Override
            public void lost() {
                // The same.
            }
        });
    }
}
