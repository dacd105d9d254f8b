package io.taffrail.verify.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BankTextTest {

    @Test
    void isReadAsItWasWritten() {
        BankEntry entry = new BankEntry(7, -980, Value.of(3, 17));
        BankTransfer transfer = new BankTransfer(3, 5, 20);

        assertThat(entry.text()).isEqualTo("7=-980:3.17");
        assertThat(BankEntry.parse(entry.text())).isEqualTo(entry);
        assertThat(entry.branch()).isEqualTo(1);
        assertThat(transfer.text()).isEqualTo("3>5:20");
        assertThat(BankTransfer.parse(transfer.text())).isEqualTo(transfer);
    }

    @Test
    void refusesOtherTexts() {
        for (String bad : new String[]{"", "3", "3=x:1.1", "3=5"}) {
            assertThatThrownBy(() -> BankEntry.parse(bad)).as(bad)
                    .isInstanceOf(HistoryException.class);
            assertThatThrownBy(() -> BankTransfer.parse(bad)).as(bad)
                    .isInstanceOf(HistoryException.class);
        }
    }
}
