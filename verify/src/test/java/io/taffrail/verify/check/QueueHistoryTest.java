package io.taffrail.verify.check;

import static io.taffrail.verify.check.Story.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import org.junit.jupiter.api.Test;

class QueueHistoryTest {

    private static void assertOnly(Findings findings, Kind kind, String text) {
        assertThat(findings.count(kind)).as(kind.label()).isEqualTo(1);
        assertThat(findings.anomalies()).isEqualTo(1);
        assertThat(findings.examples(kind).getFirst().text()).isEqualTo(text);
    }

    @Test
    void findsNothingWhereEverythingIsDeliveredOrLeft() {
        Findings findings = Story.begin().confirmed(v(0)).confirmed(v(1)).deliver("c", v(0), false)
                .settle("c", v(0)).deliver("drain", v(1), false).settle("drain", v(1)).drained()
                .end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).isEmpty();
    }

    @Test
    void findsWhatWasConfirmedAndNeverDelivered() {
        Findings findings = Story.begin().confirmed(v(0)).confirmed(v(1)).deliver("c", v(0), false)
                .settle("c", v(0)).drained().end();

        assertOnly(findings, Kind.NEVER_DELIVERED,
                "0.1 confirmed at 0.004 s was neither delivered nor left in the queue");
    }

    @Test
    void findsWhatWasDeliveredNotSettledAndGone() {
        Findings findings = Story.begin().confirmed(v(0)).deliver("c", v(0), false).drained()
                .end();

        assertOnly(findings, Kind.LOST, "0.0 confirmed at 0.002 s was delivered to c at 0.003 s,"
                + " not settled, and never came back");
    }

    @Test
    void allowsWhatWasNotSettledToComeAgain() {
        Findings findings = Story.begin().confirmed(v(0)).deliver("c#0", v(0), false)
                .deliver("c#1", v(0), true).settle("c#1", v(0)).drained().end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.tally().repeated()).isEqualTo(1);
    }

    @Test
    void allowsSettledMessagesToComeAgainForSettlementIsNotConfirmed() {
        Findings findings = Story.begin().confirmed(v(0)).deliver("c#0", v(0), false)
                .settle("c#0", v(0)).fault("kill", Phase.INVOKE).fault("kill", Phase.OK)
                .deliver("c#1", v(0), false).settle("c#1", v(0)).drained().end();

        assertThat(findings.anomalies()).isZero();
    }

    @Test
    void findsAMessageHandedOutAsNewTwice() {
        Findings findings = Story.begin().confirmed(v(0)).deliver("c", v(0), false)
                .settle("c", v(0)).deliver("c", v(0), false).settle("c", v(0)).drained().end();

        assertOnly(findings, Kind.DUPLICATED,
                "0.0 was delivered to c as new twice, at 0.003 s and at 0.005 s");
    }

    @Test
    void findsNewMessagesOutOfOrder() {
        Findings findings = Story.begin().confirmed(v(0)).confirmed(v(1)).deliver("c", v(1), false)
                .deliver("c", v(0), false).settle("c", v(0)).settle("c", v(1)).drained().end();

        assertOnly(findings, Kind.REORDERED, "0.0 was delivered to c at 0.006 s, after 0.1");
    }

    @Test
    void allowsRedeliveriesInAnyOrder() {
        assertThat(Story.begin().confirmed(v(0)).confirmed(v(1)).deliver("c", v(1), false)
                .settle("c", v(1)).deliver("c", v(0), true).settle("c", v(0)).drained().end()
                .anomalies()).isZero();
    }

    @Test
    void findsWhatNobodyPublished() {
        Findings findings = Story.begin().confirmed(v(0)).deliver("c", v(0), false)
                .settle("c", v(0)).deliver("c", v(5), false).settle("c", v(5)).drained().end();

        assertOnly(findings, Kind.UNEXPECTED,
                "0.5 was delivered at 0.005 s though it was never sent");
    }

    @Test
    void countsWhatWasNotConfirmedAndIsThere() {
        Findings findings = Story.begin().confirmed(v(0)).send(Story.QUEUE, v(1), Phase.INVOKE)
                .send(Story.QUEUE, v(1), Phase.UNKNOWN).deliver("c", v(0), false)
                .settle("c", v(0)).deliver("c", v(1), false).settle("c", v(1)).drained().end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.tally().recovered()).isEqualTo(1);
    }

    @Test
    void givesNoVerdictOnAQueueThatWasNotEmptied() {
        Findings findings = Story.begin().confirmed(v(0))
                .event(Event.of("drain", Action.DRAIN, Phase.FAIL, Story.QUEUE)).end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).containsExactly("amqp:q was not read to its end");
    }
}
