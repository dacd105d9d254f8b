package io.taffrail.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Checker;
import io.taffrail.verify.check.Findings;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final String LOG = "kafka:t/0";
    private static final long STEP_NS = 100_000_000;

    private static Findings lostAfterAPowerCut() {
        Checker checker = new Checker();
        for (int i = 0; i < 4; i++) {
            Event send = Event.of("p", Action.SEND, Phase.INVOKE, LOG).value(Value.of(0, i));
            checker.accept(send.at(i * STEP_NS));
            checker.accept(Event.of("p", Action.SEND, Phase.OK, LOG).value(Value.of(0, i))
                    .offset(i).at(i * STEP_NS + 1));
            if (i == 1) {
                Event fault = Event.of("faults", Action.FAULT, Phase.INVOKE, "").note("power-cut");
                checker.accept(fault.at(i * STEP_NS + 2));
                checker.accept(Event.of("faults", Action.FAULT, Phase.OK, "").note("power-cut")
                        .at(2 * STEP_NS));
            }
        }
        checker.accept(Event.of("s", Action.SCAN, Phase.INVOKE, LOG).at(5 * STEP_NS));
        for (int i : new int[]{0, 2, 3}) {
            checker.accept(Event.of("s", Action.SCANNED, Phase.OK, LOG).value(Value.of(0, i))
                    .offset(i).at(5 * STEP_NS));
        }
        checker.accept(Event.of("s", Action.SCAN, Phase.OK, LOG).at(5 * STEP_NS));
        return checker.finish();
    }

    @Test
    void drawsWhenWhatHappened() {
        assertThat(TextReport.of("a broker", lostAfterAPowerCut())).isEqualTo(
                """
                        verify  a broker
                        sent 4  acknowledged 4  unknown 0  refused 0
                        found 3  of these recovered (their outcome was unknown) 0
                        delivered 0  of these again (at-least-once allows it) 0

                              time     acks/s
                             0.0 s         10  ##############################
                             0.1 s         10  ##############################  power-cut, 1 lost
                             0.2 s         10  ##############################  serving again
                             0.3 s         10  ##############################

                        lost  1
                          kafka:t/0  0.1 acknowledged at 0.100 s at offset 1 is gone
                        verdict  broken: 1 lost
                        """);
    }

    @Test
    void countsForPrograms() {
        assertThat(JsonReport.of(7, lostAfterAPowerCut())).isEqualTo("""
                {"seed":7,"sent":4,"acknowledged":4,"acknowledged_before_faults":2,"unknown":0,\
                "refused":0,"found":3,"recovered":0,"delivered":0,"again":0,"transactions":0,\
                "committed":0,"aborted":0,"undecided":0,"interleaved":0,"faults":1,"lost":1,\
                "duplicated":0,"reordered":0,"unexpected":0,"stale":0,"never_delivered":0,\
                "torn":0,"aborted_read":0,"early_read":0,"read_cycle":0,"write_cycle":0,\
                "unbalanced":0,"not_recovered":0,"unchecked":0}
                """);
    }

    @Test
    void saysWhyThereIsNoVerdict() {
        assertThat(TextReport.of("a broker", new Checker().finish()))
                .endsWith("verdict  none possible: nothing was acknowledged in 0 ms\n");
    }
}
