package io.taffrail.verify.check;

import static io.taffrail.verify.check.Story.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LogHistoryTest {

    private static void assertOnly(Findings findings, Kind kind, long count, String text) {
        assertThat(findings.count(kind)).as(kind.label()).isEqualTo(count);
        assertThat(findings.anomalies()).isEqualTo(count);
        assertThat(findings.examples(kind).getFirst().text()).isEqualTo(text);
        assertThat(findings.unchecked()).isEmpty();
    }

    private static void assertNothing(Findings findings) {
        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).isEmpty();
    }

    @Test
    void findsNothingWhereEverythingIsKept() {
        Findings findings = Story.begin().stored(v(0), 0).stored(v(1), 1).read(v(0), 0)
                .fault("kill", Phase.INVOKE).fault("kill", Phase.OK).read(v(0), 0).read(v(1), 1)
                .commit(2, Phase.INVOKE).commit(2, Phase.OK).committed(2).scan(v(0), v(1)).end();

        assertNothing(findings);
        assertThat(findings.tally().acknowledged()).isEqualTo(2);
        assertThat(findings.tally().stored()).isEqualTo(2);
        assertThat(findings.tally().delivered()).isEqualTo(3);
        assertThat(findings.tally().repeated()).isEqualTo(1);
    }

    @Test
    void findsAcknowledgedRecordsThatAreGone() {
        Findings findings = Story.begin().stored(v(0), 0).stored(v(1), 1).scan(v(0)).end();

        assertOnly(findings, Kind.LOST, 1, "0.1 acknowledged at 0.004 s at offset 1 is gone");
    }

    @Test
    void saysWhatHasTakenThePlaceOfALostRecord() {
        Findings findings = Story.begin().stored(v(0), 0).fault("power-cut", Phase.INVOKE)
                .fault("power-cut", Phase.OK).stored(v(1), 0).scan(v(1)).end();

        assertOnly(findings, Kind.LOST, 1,
                "0.0 acknowledged at 0.002 s at offset 0 is gone; the offset holds 0.1");
    }

    @Test
    void allowsUnknownOutcomesBothWays() {
        Findings findings = Story.begin().stored(v(0), 0).send(Story.LOG, v(1), Phase.INVOKE)
                .send(Story.LOG, v(1), Phase.UNKNOWN).send(Story.LOG, v(2), Phase.INVOKE)
                .send(Story.LOG, v(2), Phase.UNKNOWN).send(Story.LOG, v(3), Phase.INVOKE)
                .scan(v(0), v(1), v(3)).end();

        assertNothing(findings);
        assertThat(findings.tally().recovered()).isEqualTo(2);
        assertThat(findings.tally().unknown()).isEqualTo(3);
    }

    @Test
    void findsARecordStoredTwice() {
        Findings findings = Story.begin().stored(v(0), 0).stored(v(1), 1).scan(v(0), v(1), v(0))
                .end();

        assertOnly(findings, Kind.DUPLICATED, 1, "0.0 is stored at offset 0 and at 2");
    }

    @Test
    void findsRecordsOfOneProducerInAnotherOrder() {
        Findings findings = Story.begin().stored(v(0), 1).stored(v(1), 0).scan(v(1), v(0)).end();

        assertOnly(findings, Kind.REORDERED, 1, "0.0 is stored at offset 1, after 0.1 at 0");
    }

    @Test
    void allowsAnyOrderOfSeveralProducers() {
        long other = Value.of(1, 0);

        assertNothing(Story.begin().stored(v(0), 0).stored(other, 1).stored(v(1), 2)
                .scan(v(0), other, v(1)).end());
    }

    @Test
    void findsWhatNobodySent() {
        Findings findings = Story.begin().stored(v(0), 0).scan(v(0), v(7)).end();

        assertOnly(findings, Kind.UNEXPECTED, 1,
                "0.7 is stored at offset 1 though it was never sent");
    }

    @Test
    void findsWhatWasRefusedAndIsThere() {
        Findings findings = Story.begin().stored(v(0), 0).send(Story.LOG, v(1), Phase.INVOKE)
                .send(Story.LOG, v(1), Phase.FAIL).scan(v(0), v(1)).end();

        assertOnly(findings, Kind.UNEXPECTED, 1,
                "0.1 is stored at offset 1 though it was refused at 0.004 s");
    }

    @Test
    void findsADamagedRecord() {
        Findings findings = Story.begin().stored(v(0), 0).event(
                Event.of("c", Action.READ, Phase.OK, Story.LOG).offset(0).note("3 bytes: ???"))
                .scan(v(0)).end();

        assertOnly(findings, Kind.UNEXPECTED, 1,
                "offset 0 holds data that no producer sent, read at 0.003 s: 3 bytes: ???");
    }

    @Test
    void findsAnOffsetUsedAgain() {
        Findings findings = Story.begin().stored(v(0), 0).read(v(0), 0).stored(v(1), 0)
                .read(v(1), 0).scan(v(1)).end();

        assertThat(findings.count(Kind.LOST)).isEqualTo(1);
        assertThat(findings.count(Kind.STALE)).isEqualTo(1);
        assertThat(findings.examples(Kind.STALE).getFirst().text()).isEqualTo(
                "offset 0 held 0.0 when read at 0.003 s, and 0.1 when c read it at 0.006 s");
    }

    @Test
    void findsARecordThatIsNotWhereItWasAcknowledged() {
        Findings findings = Story.begin().stored(v(0), 1).stored(v(1), 2).scan(v(0), v(1)).end();

        assertOnly(findings, Kind.STALE, 2,
                "0.0 acknowledged at 0.002 s at offset 1 is stored at 0");
    }

    @Test
    void findsARecordThatWasReadAndHasGoneThoughNobodyAcknowledgedIt() {
        Findings findings = Story.begin().stored(v(0), 0).send(Story.LOG, v(1), Phase.INVOKE)
                .read(v(1), 1).send(Story.LOG, v(1), Phase.UNKNOWN).scan(v(0)).end();

        assertOnly(findings, Kind.STALE, 1,
                "offset 1 held 0.1 when read at 0.004 s, and at the end nothing");
    }

    @Test
    void findsARecordThatTheGroupSkipped() {
        Findings findings = Story.begin().stored(v(0), 0).stored(v(1), 1).stored(v(2), 2)
                .read(v(0), 0).read(v(2), 2).commit(3, Phase.INVOKE).commit(3, Phase.OK)
                .committed(3).scan(v(0), v(1), v(2)).end();

        assertOnly(findings, Kind.NEVER_DELIVERED, 1,
                "0.1 at offset 1 was read by no member of g, which has committed 3");
    }

    @Test
    void keepsTheFirstExamplesAndCountsTheRest() {
        Story story = Story.begin();
        LongStream.range(0, 100).forEach(i -> story.stored(v(i), i));

        Findings findings = story.scan().end();

        assertThat(findings.count(Kind.LOST)).isEqualTo(100);
        assertThat(findings.examples(Kind.LOST)).hasSize(Findings.EXAMPLES);
    }

    @Test
    void judgesTheLastScanAlone() {
        assertNothing(Story.begin().stored(v(0), 0).scan(v(0)).stored(v(1), 1).scan(v(0), v(1))
                .end());
    }

    @Test
    void givesNoVerdictWithoutAWholeScan() {
        Findings findings = Story.begin().stored(v(0), 0)
                .event(Event.of("s", Action.SCAN, Phase.INVOKE, Story.LOG))
                .event(Event.of("s", Action.SCAN, Phase.FAIL, Story.LOG)).end();

        assertThat(findings.anomalies()).isZero();
        assertThat(findings.unchecked()).containsExactly("kafka:t/0 was not read to its end");
    }

    @Test
    void givesNoVerdictWhereNothingWasAcknowledged() {
        assertThat(Story.begin().scan().end().unchecked())
                .containsExactly("nothing was acknowledged in 2 ms");
    }

    @Test
    void findsABrokerThatDidNotComeBack() {
        Findings findings = Story.begin().stored(v(0), 0).fault("kill", Phase.INVOKE)
                .fault("not serving after kill", Phase.FAIL).end();

        assertOnly(findings, Kind.NOT_RECOVERED, 1, "not serving after kill");
    }
}
