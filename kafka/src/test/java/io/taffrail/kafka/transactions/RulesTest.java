package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RulesTest {

    private static final Set<TopicPart> PART = Set.of(new TopicPart("t", 0));
    private static final Set<TopicPart> OTHER = Set.of(new TopicPart("t", 1));

    private final TransactionalId empty = TransactionalId.first("x", 7, 1000, 10);
    private final TransactionalId ongoing = empty.with(PART, 20);

    private static Rules.Init newProducer(long newId) {
        return new Rules.Init("x", 500, -1, (short) -1, newId);
    }

    private static Rules.Init continuing(long id, int epoch) {
        return new Rules.Init("x", 500, id, (short) epoch, -1);
    }

    private static Errors answer(Decision decision) {
        return ((Decision.Answer) decision).error();
    }

    private static TransactionalId next(Decision decision) {
        return ((Decision.Change) decision).next();
    }

    @Test
    void unknownIdNeedsAProducerIdAndBeginsWithEpochZero() {
        assertThat(Rules.init(null, newProducer(-1), 1))
                .isInstanceOf(Decision.NeedsProducerId.class);
        TransactionalId first = next(Rules.init(null, newProducer(9), 1));
        assertThat(first.producerId()).isEqualTo(9);
        assertThat(first.epoch()).isZero();
        assertThat(first.state()).isEqualTo(TransactionState.EMPTY);
    }

    @Test
    void newProducerFencesThroughTheNextEpoch() {
        TransactionalId second = next(Rules.init(empty, newProducer(-1), 30));

        assertThat(second.epoch()).isEqualTo((short) 1);
        assertThat(second.timeoutMs()).isEqualTo(500);
        assertThat(answer(Rules.add(second, 7, (short) 0, PART, 40)))
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(answer(Rules.end(second, 7, (short) 0, true, 40)))
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(answer(Rules.add(second, 8, (short) 1, PART, 40)))
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void ongoingTransactionIsAbortedBeforeANewProducerBegins() {
        Decision.Change change = (Decision.Change) Rules.init(ongoing, newProducer(-1), 30);

        assertThat(change.answer()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(change.next().state()).isEqualTo(TransactionState.PREPARE_ABORT);
        assertThat(change.next().epoch()).isEqualTo((short) 1);
        assertThat(change.next().partitions()).isEqualTo(PART);
        assertThat(answer(Rules.init(change.next(), newProducer(-1), 40)))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        TransactionalId again = next(
                Rules.init(change.next().ended(50), newProducer(-1), 60));
        assertThat(again.epoch()).isEqualTo((short) 2);
    }

    @Test
    void producerThatContinuesGetsTheNextEpochOnceEvenIfItAsksTwice() {
        TransactionalId next = next(Rules.init(empty, continuing(7, 0), 30));
        assertThat(next.epoch()).isEqualTo((short) 1);

        assertThat(next(Rules.init(next, continuing(7, 0), 40)).epoch()).isEqualTo((short) 1);

        TransactionalId fenced = next(Rules.init(next, newProducer(-1), 50));
        assertThat(answer(Rules.init(fenced, continuing(7, 1), 60)))
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(answer(Rules.init(fenced, continuing(6, 2), 60)))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void fencedProducerThatContinuesDoesNotAbortItsSuccessor() {
        TransactionalId successor = next(Rules.init(empty, newProducer(-1), 30)).with(PART, 40);

        assertThat(answer(Rules.init(successor, continuing(7, 0), 50)))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void exhaustedEpochLeadsToANewProducerId() {
        TransactionalId last = empty.initialised((short) (Short.MAX_VALUE - 1), (short) -1, 1000,
                1);
        assertThat(Rules.init(last, newProducer(-1), 2))
                .isInstanceOf(Decision.NeedsProducerId.class);

        TransactionalId rotated = next(Rules.init(last, newProducer(8), 2));
        assertThat(rotated.producerId()).isEqualTo(8);
        assertThat(rotated.epoch()).isZero();
        assertThat(rotated.previousProducerId()).isEqualTo(7);

        TransactionalId fenced = next(Rules.init(last.with(PART, 3), newProducer(-1), 4));
        assertThat(fenced.epoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(Rules.init(fenced.ended(5), newProducer(-1), 6))
                .isInstanceOf(Decision.NeedsProducerId.class);
    }

    @Test
    void lostAnswerOfARotationIsGivenAgain() {
        TransactionalId last = empty.initialised((short) (Short.MAX_VALUE - 1), (short) -1, 1000,
                1);
        TransactionalId rotated = next(
                Rules.init(last, continuing(7, Short.MAX_VALUE - 1).with(8), 2));

        TransactionalId again = next(Rules.init(rotated, continuing(7, Short.MAX_VALUE - 1), 3));

        assertThat(again.producerId()).isEqualTo(8);
        assertThat(again.epoch()).isZero();
    }

    @Test
    void partitionsAreAddedOnce() {
        assertThat(ongoing.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(answer(Rules.add(ongoing, 7, (short) 0, PART, 30))).isEqualTo(Errors.NONE);
        TransactionalId two = next(Rules.add(ongoing, 7, (short) 0, OTHER, 30));
        assertThat(two.partitions()).containsAll(PART).containsAll(OTHER);
        assertThat(two.startMs()).isEqualTo(20);
    }

    @Test
    void verificationChangesNothing() {
        assertThat(answer(Rules.verify(ongoing, 7, (short) 0, PART))).isEqualTo(Errors.NONE);
        assertThat(answer(Rules.verify(ongoing, 7, (short) 0, OTHER)))
                .isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(answer(Rules.verify(empty, 7, (short) 0, PART)))
                .isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(answer(Rules.verify(null, 7, (short) 0, PART)))
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @ParameterizedTest
    @EnumSource(value = TransactionState.class, mode = Mode.EXCLUDE, names = {"DEAD",
        "PREPARE_EPOCH_FENCE"})
    void endIsAnsweredByTheState(TransactionState state) {
        TransactionalId now = switch (state) {
            case ONGOING -> ongoing;
            case PREPARE_COMMIT -> ongoing.ending(true, 30);
            case PREPARE_ABORT -> ongoing.ending(false, 30);
            case COMPLETE_COMMIT -> ongoing.ending(true, 30).ended(40);
            case COMPLETE_ABORT -> ongoing.ending(false, 30).ended(40);
            default -> empty;
        };
        for (boolean commit : new boolean[]{true, false}) {
            Decision decision = Rules.end(now, 7, (short) 0, commit, 50);
            if (state == TransactionState.ONGOING) {
                assertThat(next(decision).isCommitted()).isEqualTo(commit);
                continue;
            }
            boolean same = state != TransactionState.EMPTY && now.isCommitted() == commit;
            Errors ofSame = now.isEnding() ? Errors.CONCURRENT_TRANSACTIONS : Errors.NONE;
            assertThat(answer(decision)).as("commit " + commit)
                    .isEqualTo(same ? ofSame : Errors.INVALID_TXN_STATE);
        }
        assertThat(answer(Rules.end(null, 7, (short) 0, true, 50)))
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void exhaustedEpochEndsWithANewProducerId() {
        short last = Short.MAX_VALUE - 1;
        TransactionalId now = empty.initialised(last, (short) -1, 1000, 1).with(PART, 2);
        assertThat(Rules.endWithEpoch(now, 7, last, true, -1, 3))
                .isInstanceOf(Decision.NeedsProducerId.class);

        TransactionalId ending = next(Rules.endWithEpoch(now, 7, last, true, 8, 3));
        assertThat(ending.producerId()).isEqualTo(7);
        assertThat(ending.epoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(ending.clientProducerId()).isEqualTo(8);
        assertThat(ending.clientEpoch()).isZero();
        assertThat(answer(Rules.endWithEpoch(ending, 7, last, true, -1, 4)))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(answer(Rules.add(ending, 8, (short) 0, PART, 4)))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        TransactionalId ended = ending.ended(5);
        assertThat(ended.producerId()).isEqualTo(8);
        assertThat(ended.epoch()).isZero();
        assertThat(answer(Rules.endWithEpoch(ended, 7, last, true, -1, 6)))
                .isEqualTo(Errors.NONE);
        assertThat(next(Rules.add(ended, 8, (short) 0, PART, 7)).isOngoing()).isTrue();
    }

    @Test
    void largestEpochBelongsToNoProducer() {
        short last = Short.MAX_VALUE - 1;
        TransactionalId now = empty.initialised(last, (short) -1, 1000, 1).with(PART, 2);
        TransactionalId ending = next(Rules.endWithEpoch(now, 7, last, true, 8, 3));
        assertThat(answer(Rules.add(ending, 7, Short.MAX_VALUE, OTHER, 4)))
                .isEqualTo(Errors.PRODUCER_FENCED);

        TransactionalId fenced = now.fenced(3).ended(4);
        assertThat(fenced.epoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(answer(Rules.add(fenced, 7, Short.MAX_VALUE, PART, 5)))
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(answer(Rules.endWithEpoch(fenced, 7, Short.MAX_VALUE, false, 9, 5)))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void transactionEndsAfterItsTimeOut() {
        assertThat(Rules.isTimedOut(ongoing, 1020)).isFalse();
        assertThat(Rules.isTimedOut(ongoing, 1021)).isTrue();
        assertThat(Rules.isTimedOut(ongoing.ending(true, 30), 5000)).isFalse();
        TransactionalId aborted = next(Rules.timeOut(ongoing, 1021));
        assertThat(aborted.state()).isEqualTo(TransactionState.PREPARE_ABORT);
        assertThat(aborted.epoch()).isEqualTo((short) 1);
    }

    @Test
    void onlyIdsWithoutATransactionExpire() {
        assertThat(Rules.isExpired(empty, 100, 110)).isTrue();
        assertThat(Rules.isExpired(empty, 100, 109)).isFalse();
        assertThat(Rules.isExpired(ongoing, 100, 10_000)).isFalse();
        assertThat(Rules.isExpired(ongoing.ending(true, 30), 100, 10_000)).isFalse();
        assertThat(Rules.isExpired(ongoing.ending(true, 30).ended(40), 100, 10_000)).isTrue();
    }
}
