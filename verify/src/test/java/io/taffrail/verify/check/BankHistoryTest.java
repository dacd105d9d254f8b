package io.taffrail.verify.check;

import static io.taffrail.verify.check.Transactional.A;
import static io.taffrail.verify.check.Transactional.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Value;
import org.junit.jupiter.api.Test;

/** Account 0 is in partition A and account 1 in B. */
class BankHistoryTest {

    private static final long T1 = Value.of(1, 0);
    private static final long T2 = Value.of(1, 1);
    private static final long R1 = Value.of(9, 0);
    private static final long R2 = Value.of(9, 1);
    private static final long A1 = Value.of(1, 10);
    private static final long B1 = Value.of(1, 11);
    private static final long A2 = Value.of(1, 12);
    private static final long B2 = Value.of(1, 13);

    private static void assertOnly(Findings findings, Kind kind, String... texts) {
        assertThat(findings.examples(kind)).extracting(Anomaly::text).containsExactly(texts);
        assertThat(findings.anomalies()).isEqualTo(texts.length);
        assertThat(findings.unchecked()).isEmpty();
    }

    private static Transactional opened() {
        return Transactional.begin().asks(R1, 0, 1, 30).asks(R2, 1, 0, 10);
    }

    private static Transactional firstServed() {
        return opened().begins(T1).books(T1, A, A1, 0, 970, R1).books(T1, B, B1, 1, 1030, R1)
                .commits(T1);
    }

    private static Transactional bothServed() {
        return firstServed().begins(T2).books(T2, B, B2, 1, 1020, R2).books(T2, A, A2, 0, 980, R2)
                .commits(T2);
    }

    @Test
    void findsNothingWhereEachRequestTakesEffectOnce() {
        Findings findings = bothServed().reads("r", A, A1, 0).reads("r", A, A2, 1)
                .reads("r", B, B1, 0).reads("r", B, B2, 1).scans(A, A1, A2).scans(B, B1, B2)
                .endOfBank(2, R1, R2);

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).isEmpty();
    }

    @Test
    void findsASumThatAReaderSeesToChange() {
        Findings findings = opened().begins(T1).books(T1, A, A1, 0, 970, R1)
                .books(T1, B, B1, 1, 1000, R1).commits(T1).reads("r", A, A1, 0)
                .reads("r", B, B1, 0).scans(A, A1).scans(B, B1).endOfBank(1, R1, R2);

        assertOnly(findings, Kind.UNBALANCED,
                "branch 0 has 3970 instead of 4000 for r at 0.011 s: {0=970, 1=1000}",
                "account 1 has 1000 at the end, and its transfers give 1030");
    }

    @Test
    void findsAnUpdateThatWasLostThoughTheSumIsRight() {
        Findings findings = firstServed().begins(T2).books(T2, B, B2, 1, 990, R2)
                .books(T2, A, A2, 0, 1010, R2).commits(T2).scans(A, A1, A2).scans(B, B1, B2)
                .endOfBank(2, R1, R2);

        assertOnly(findings, Kind.UNBALANCED,
                "account 0 has 1010 at the end, and its transfers give 980",
                "account 1 has 990 at the end, and its transfers give 1020");
    }

    @Test
    void findsARequestThatWasConsumedWithoutEffect() {
        Findings findings = firstServed().scans(A, A1).scans(B, B1).endOfBank(2, R1, R2);

        assertOnly(findings, Kind.LOST, "request 9.1 at offset 1 has no effect, and the group has"
                + " committed 2");
    }

    @Test
    void findsAnEffectWithoutItsOffset() {
        Findings findings = bothServed().scans(A, A1, A2).scans(B, B1, B2).endOfBank(1, R1, R2);

        assertOnly(findings, Kind.TORN, "request 9.1 at offset 1 has taken effect in transaction"
                + " 1.1, and the group has committed only 1");
    }

    @Test
    void findsARequestThatWasServedTwice() {
        Findings findings = firstServed().begins(T2).books(T2, A, A2, 0, 940, R1)
                .books(T2, B, B2, 1, 1060, R1).commits(T2).scans(A, A1, A2).scans(B, B1, B2)
                .endOfBank(1, R1, R2);

        assertThat(findings.examples(Kind.DUPLICATED)).extracting(Anomaly::text).containsExactly(
                "request 9.0 has changed 4 accounts instead of 2, last in transaction 1.1");
    }

    @Test
    void findsABalanceOfAnAbortedTransaction() {
        Findings findings = firstServed().begins(T2).books(T2, A, A2, 0, 1_000_980, R2).aborts(T2)
                .reads("r", A, A1, 0).reads("r", A, A2, 1).reads("r", B, B1, 0).scans(A, A1)
                .scans(B, B1).endOfBank(1, R1, R2);

        assertThat(findings.count(Kind.ABORTED_READ)).isEqualTo(1);
        assertThat(findings.count(Kind.UNBALANCED)).isEqualTo(1);
    }
}
