package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OpenTransactionsTest {

    private static final Set<TopicPart> PART = Set.of(new TopicPart("t", 0));
    private static final short LAST = Short.MAX_VALUE - 1;

    private final TransactionalId ongoing = TransactionalId.first("x", 7, 1000, 10)
            .initialised(LAST, (short) -1, 1000, 11).with(PART, 20);
    private final TransactionalId ending = ongoing.endingWithEpoch(true, 8, 30);
    private final OpenTransactions open = new OpenTransactions();

    private Errors check(long producerId, int epoch) {
        return open.transactional(producerId, (short) epoch, "t", 0);
    }

    @Test
    void nextProducerIsKnownWhileTheTransactionBeforeItEnds() {
        open.put(ongoing);
        assertThat(check(7, LAST)).isEqualTo(Errors.NONE);

        open.put(ending);
        assertThat(check(7, LAST)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(check(8, 0)).isEqualTo(Errors.INVALID_TXN_STATE);

        TransactionalId next = ending.ended(40);
        open.replace(ending, next);
        assertThat(check(7, LAST)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(check(8, 0)).isEqualTo(Errors.INVALID_TXN_STATE);
        open.put(next.with(PART, 50));
        assertThat(check(8, 0)).isEqualTo(Errors.NONE);
    }

    /** A decision is published before it is durable, and its log may fail then. */
    @Test
    void decisionThatIsNotDurableIsRemovedWithTheStateBefore() {
        open.put(ongoing);
        open.put(ending);

        open.remove(ongoing);

        assertThat(check(7, LAST + 1)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(check(8, 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }
}
