package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.TransactionGate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.Errors;

/**
 * The latest state of every transactional producer by its producer id, as the shards publish it.
 * Looked up for each transactional batch. Safe for any thread.
 */
public final class OpenTransactions implements TransactionGate {

    private final Map<Long, TransactionalId> byProducer = new ConcurrentHashMap<>();
    /** Shards whose state is not known. */
    private final Set<Integer> unknownShards = ConcurrentHashMap.newKeySet();

    /**
     * Publishes a state, also under the producer id that is to take the place of the present one,
     * which the client knows as soon as the decision is durable. The partitions of an ongoing
     * transaction are admitted from now on.
     */
    void put(TransactionalId state) {
        byProducer.put(state.producerId(), state);
        if (state.nextProducerId() != TransactionalId.NO_PRODUCER) {
            byProducer.put(state.nextProducerId(), state);
        }
    }

    /** Publishes the state that follows another one, which may have had another producer id. */
    void replace(TransactionalId before, TransactionalId next) {
        put(next);
        if (before.producerId() != next.producerId()) {
            forget(before.producerId(), before.id());
        }
    }

    /** Forgets the producer of this state, also if it has a newer one that is not durable. */
    void remove(TransactionalId state) {
        TransactionalId last = byProducer.get(state.producerId());
        forget(state.producerId(), state.id());
        if (last != null) {
            forget(last.nextProducerId(), state.id());
        }
    }

    private void forget(long producerId, String id) {
        byProducer.computeIfPresent(producerId, (_, now) -> now.id().equals(id) ? null : now);
    }

    /** Batches of unknown producers may be sent again, until {@link #known} is called. */
    void unknown(int shard) {
        unknownShards.add(shard);
    }

    /** All states of a shard have been published, or it is gone. */
    void known(int shard) {
        unknownShards.remove(shard);
    }

    @Override
    public Errors transactional(long producerId, short producerEpoch, String topic,
            int partition) {
        TransactionalId state = byProducer.get(producerId);
        if (state == null) {
            return unknownShards.isEmpty()
                    ? Errors.INVALID_PRODUCER_ID_MAPPING
                    : Errors.NOT_ENOUGH_REPLICAS;
        }
        short epoch = state.producerId() == producerId ? state.epoch() : state.clientEpoch();
        if (epoch != producerEpoch) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        return state.isOngoing() && state.partitions().contains(new TopicPart(topic, partition))
                ? Errors.NONE
                : Errors.INVALID_TXN_STATE;
    }

    @Override
    public boolean inTransaction(long producerId, String topic, int partition) {
        TransactionalId state = byProducer.get(producerId);
        return state != null && state.isOngoing()
                && state.partitions().contains(new TopicPart(topic, partition));
    }
}
