package io.taffrail.verify.check;

import static io.taffrail.verify.check.Transactional.A;
import static io.taffrail.verify.check.Transactional.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Value;
import org.junit.jupiter.api.Test;

class TransactionHistoryTest {

    private static final long T1 = Value.of(1, 0);
    private static final long T2 = Value.of(2, 0);
    private static final long T3 = Value.of(1, 1);
    private static final long A1 = Value.of(1, 10);
    private static final long B1 = Value.of(1, 11);
    private static final long A2 = Value.of(2, 10);
    private static final long B2 = Value.of(2, 11);
    private static final long A3 = Value.of(1, 12);

    private static void assertOnly(Findings findings, Kind kind, String... texts) {
        assertThat(findings.examples(kind)).extracting(Anomaly::text).containsExactly(texts);
        assertThat(findings.anomalies()).isEqualTo(texts.length);
        assertThat(findings.unchecked()).isEmpty();
    }

    private static void assertNothing(Findings findings) {
        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).isEmpty();
    }

    private static Transactional committed() {
        return Transactional.begin().begins(T1).sends(T1, A, A1).sends(T1, B, B1).commits(T1);
    }

    @Test
    void findsNothingWhereTransactionsAreWhole() {
        Findings findings = committed().begins(T2).sends(T2, A, A2).sends(T2, B, B2).aborts(T2)
                .reads("r", A, A1, 0).reads("r", B, B1, 0).scans(A, A1).scans(B, B1).end();

        assertNothing(findings);
        Findings.Tally tally = findings.tally();
        assertThat(tally.transactions()).isEqualTo(2);
        assertThat(tally.committed()).isEqualTo(1);
        assertThat(tally.aborted()).isEqualTo(1);
        assertThat(tally.sent()).isEqualTo(4);
        assertThat(tally.acknowledged()).isEqualTo(2);
        assertThat(tally.stored()).isEqualTo(2);
        assertThat(tally.delivered()).isEqualTo(2);
    }

    @Test
    void findsACommittedTransactionThatIsGone() {
        assertOnly(committed().scans(A).scans(B).end(), Kind.LOST, "2 of 2 records of 1.0,"
                + " committed at 0.005 s, are missing: 1.10 of txn:t/0");
    }

    @Test
    void findsACommittedTransactionThatIsThereInPart() {
        assertOnly(committed().scans(A, A1).scans(B).end(), Kind.TORN, "1 of 2 records of 1.0,"
                + " committed at 0.005 s, are missing: 1.11 of txn:t/1");
    }

    @Test
    void allowsUnknownOutcomesBothWaysButNotInPart() {
        assertNothing(unknown().scans(A, A1).scans(B, B1).begins(T2).commits(T2).end());
        assertNothing(unknown().scans(A).scans(B).begins(T2).commits(T2).end());
        Findings torn = unknown().scans(A).scans(B, B1).begins(T2).commits(T2).end();

        assertThat(torn.count(Kind.TORN)).isEqualTo(1);
        assertThat(torn.anomalies()).isEqualTo(1);
    }

    /** The history needs some acknowledgement: {@link #T2} without records is one. */
    private static Transactional unknown() {
        return Transactional.begin().begins(T1).sends(T1, A, A1).sends(T1, B, B1)
                .requestsCommit(T1);
    }

    @Test
    void findsReadsOfAbortedTransactions() {
        Findings findings = committed().begins(T2).sends(T2, A, A2).reads("r", A, A1, 0)
                .reads("r", A, A2, 1).aborts(T2).scans(A, A1).scans(B, B1).end();

        assertOnly(findings, Kind.ABORTED_READ,
                "r read 2.10 at offset 1 at 0.009 s, of the aborted transaction 2.0");
    }

    @Test
    void findsAbortedRecordsAtTheEnd() {
        Findings findings = committed().begins(T2).sends(T2, A, A2).aborts(T2).scans(A, A1, A2)
                .scans(B, B1).end();

        assertOnly(findings, Kind.ABORTED_READ,
                "2.10 is at offset 1 though transaction 2.0 was aborted");
    }

    @Test
    void findsRecordsOfAFencedProducerOrOneThatLeft() {
        assertThat(committed().begins(T2).sends(T2, A, A2).isFenced(T2).scans(A, A1, A2)
                .scans(B, B1).end().count(Kind.ABORTED_READ)).isEqualTo(1);
        assertThat(committed().begins(T2).sends(T2, A, A2).scans(A, A1, A2).scans(B, B1).end()
                .count(Kind.ABORTED_READ)).isEqualTo(1);
    }

    @Test
    void findsReadsBeforeTheCommit() {
        Findings findings = Transactional.begin().begins(T1).sends(T1, A, A1).reads("r", A, A1, 0)
                .commits(T1).scans(A, A1).end();

        assertOnly(findings, Kind.EARLY_READ, "r read 1.10 at offset 0 at 0.003 s, and the commit"
                + " of 1.0 was requested at 0.004 s");
    }

    @Test
    void allowsReadsBeforeTheCommitIsConfirmed() {
        assertNothing(Transactional.begin().begins(T1).sends(T1, A, A1).requestsCommit(T1)
                .reads("r", A, A1, 0).scans(A, A1).begins(T2).commits(T2).end());
    }

    @Test
    void allowsAReaderToSeeOnePartitionBeforeAnother() {
        assertNothing(committed().reads("r", A, A1, 0).begins(T3).sends(T3, A, A3).commits(T3)
                .reads("r", A, A3, 1).reads("r", B, B1, 0).scans(A, A1, A3).scans(B, B1).end());
    }

    @Test
    void findsARecordThatAReaderSkipped() {
        Findings findings = committed().begins(T3).sends(T3, A, A3).commits(T3)
                .reads("r", A, A3, 1).scans(A, A1, A3).scans(B, B1).end();

        assertOnly(findings, Kind.NEVER_DELIVERED,
                "1.10 at offset 0 was skipped by r, which read 1 at 0.010 s");
    }

    @Test
    void findsAReaderThatGoesBack() {
        Findings findings = committed().reads("r", A, A1, 0).reads("r", A, A1, 0).scans(A, A1)
                .scans(B, B1).end();

        assertOnly(findings, Kind.STALE, "r read offset 0 at 0.007 s, after 0");
    }

    @Test
    void findsARecordThatWasReadAndIsGone() {
        Findings findings = unknown().reads("r", A, A1, 0).reads("r", B, B1, 0).scans(A).scans(B)
                .begins(T2).commits(T2).end();

        assertOnly(findings, Kind.STALE,
                "r read 1.10 at offset 0 at 0.005 s, and at the end the offset has nothing",
                "r read 1.11 at offset 0 at 0.006 s, and at the end the offset has nothing");
    }

    @Test
    void findsARecordAtAnotherOffsetThanAcknowledged() {
        Findings findings = Transactional.begin().begins(T1).sends(T1, A, A1)
                .acknowledged(T1, A, A1, 7).commits(T1).scans(A, A1).end();

        assertOnly(findings, Kind.STALE, "1.10 is at offset 0 though it was acknowledged at 7");
    }

    @Test
    void findsARecordTwice() {
        assertOnly(committed().scans(A, A1, A1).scans(B, B1).end(), Kind.DUPLICATED,
                "1.10 is stored at offset 0 and at 1");
    }

    @Test
    void findsARecordThatNobodySent() {
        assertOnly(committed().scans(A, A1, A2).scans(B, B1).end(), Kind.UNEXPECTED,
                "2.10 is at offset 1 though it was never sent");
    }

    @Test
    void findsTransactionsThatReadEachOther() {
        Findings findings = Transactional.begin().begins(T1).begins(T2).sends(T1, A, A1)
                .sends(T2, B, B2).requestsCommit(T1).requestsCommit(T2)
                .readsIn(T1, "r1", B, B2, 0).readsIn(T2, "r2", A, A1, 0).commits(T1).commits(T2)
                .scans(A, A1).scans(B, B2).end();

        assertThat(findings.examples(Kind.READ_CYCLE)).extracting(Anomaly::text)
                .containsExactly("1.0, 2.0 have read each other's records");
    }

    @Test
    void countsWritesThatInterleaveAndAllowsThem() {
        Findings findings = Transactional.begin().begins(T1).begins(T2).sends(T1, A, A1)
                .sends(T2, A, A2).sends(T2, B, B2).sends(T1, B, B1).commits(T1).commits(T2)
                .scans(A, A1, A2).scans(B, B2, B1).end();

        assertNothing(findings);
        assertThat(findings.tally().interleaved()).isEqualTo(2);
    }

    @Test
    void findsARecordThatJoinedALaterTransactionOfItsId() {
        Findings findings = Transactional.begin().begins(T1, "id").sends(T1, A, A1)
                .sends(T1, B, B1).requestsCommit(T1).begins(T2, "id").sends(T2, A, A2)
                .sends(T2, B, B2).commits(T2).scans(A, A1, A2).scans(B, B2, B1).end();

        assertOnly(findings, Kind.WRITE_CYCLE, "1.0, 2.0 each have records before another's, though"
                + " they have one transactional id");
    }

    @Test
    void findsARecordBehindTransactionsThatBeganLater() {
        Findings findings = committed().begins(T2).sends(T2, A, A2).commits(T2).scans(A, A2, A1)
                .scans(B, B1).end();

        assertOnly(findings, Kind.WRITE_CYCLE, "1.10 of 1.0, committed at 0.005 s, is at offset 1,"
                + " after records of 2.0, which began at 0.006 s");
    }

    @Test
    void givesNoVerdictWithoutAWholeScan() {
        Findings findings = committed().scans(A).end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).containsExactly("txn:t/1 was not read to its end");
    }
}
