package io.taffrail.kafka.transactions;

/**
 * The end of one producer's transaction, as its control batches state it.
 *
 * @param coordinatorEpoch
 *            epoch of the coordinator that decided; a log refuses markers of an older one
 */
record Marker(long producerId, short epoch, int coordinatorEpoch, boolean commit) {

    static Marker of(TransactionalId ending, int coordinatorEpoch) {
        return new Marker(ending.producerId(), ending.epoch(), coordinatorEpoch,
                ending.isCommitted());
    }
}
