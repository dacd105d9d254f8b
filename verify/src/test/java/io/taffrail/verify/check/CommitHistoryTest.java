package io.taffrail.verify.check;

import static io.taffrail.verify.check.Story.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Phase;
import org.junit.jupiter.api.Test;

class CommitHistoryTest {

    private final Story story = Story.begin().stored(v(0), 0).read(v(0), 0);

    private Findings end() {
        return story.scan(v(0)).end();
    }

    @Test
    void findsACommittedOffsetThatWentBack() {
        story.commit(5, Phase.INVOKE).commit(5, Phase.OK).commit(9, Phase.INVOKE)
                .commit(9, Phase.OK).committed(5);

        assertThat(end().examples(Kind.STALE)).extracting(Anomaly::text)
                .containsExactly("g committed 9 at 0.007 s, and at 0.009 s has 5");
    }

    @Test
    void findsACommittedOffsetThatIsGone() {
        story.commit(5, Phase.INVOKE).commit(5, Phase.OK).committed(-1);

        assertThat(end().examples(Kind.STALE)).extracting(Anomaly::text)
                .containsExactly("g committed 5 at 0.005 s, and at 0.007 s has no offset");
    }

    @Test
    void allowsWhatWasAskedForAndNotAnswered() {
        story.commit(5, Phase.INVOKE).commit(5, Phase.OK).commit(9, Phase.INVOKE)
                .commit(9, Phase.UNKNOWN).committed(9).committed(9);

        assertThat(end().anomalies()).isZero();
    }

    @Test
    void allowsAnOffsetToBeSetBackOnPurpose() {
        story.commit(9, Phase.INVOKE).commit(9, Phase.OK).commit(2, Phase.INVOKE)
                .commit(2, Phase.OK).committed(2);

        assertThat(end().anomalies()).isZero();
    }

    @Test
    void allowsAnOffsetToBeSetBackWithoutAnAnswer() {
        story.commit(9, Phase.INVOKE).commit(9, Phase.OK).commit(2, Phase.INVOKE).committed(2);

        assertThat(end().anomalies()).isZero();
    }
}
