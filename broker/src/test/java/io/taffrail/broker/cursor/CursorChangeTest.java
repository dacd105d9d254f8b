package io.taffrail.broker.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The encoding of cursor changes. */
class CursorChangeTest {

    private final AckCursor cursor = new AckCursor();

    private void apply(CursorChange change, long mark) {
        ByteBuffer record = change.encode(mark);
        assertThat(record.get()).isEqualTo(CursorChange.KIND);
        CursorChange.apply(record, cursor);
    }

    @Test
    void whatIsTakenAgainAndSettledInOneTurnDoesNotComeBack() {
        CursorChange back = new CursorChange();
        back.givenBack(5, 1);
        apply(back, 6);
        CursorChange settled = new CursorChange();
        settled.takenAgain(5);
        settled.settled(5, 6);

        apply(settled, 6);

        assertThat(cursor.isSettled(5)).isTrue();
        assertThat(cursor.hasReturned()).isFalse();
    }

    @Test
    void whatIsGivenBackAndSettledInOneTurnDoesNotComeBack() {
        CursorChange change = new CursorChange();
        change.givenBack(5, 1);
        change.takenAgain(5);
        change.settled(5, 6);

        apply(change, 6);

        assertThat(cursor.hasReturned()).isFalse();
    }
}
