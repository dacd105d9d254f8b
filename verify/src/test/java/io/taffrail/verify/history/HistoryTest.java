package io.taffrail.verify.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    Path dir = Path.of(".");

    @Test
    void isReadAsItWasRecorded() {
        Path file = dir.resolve("h");
        AtomicLong clock = new AtomicLong(1000);
        Event send = Event.of("p-1", Action.SEND, Phase.INVOKE, "kafka:t/0").value(Value.of(3, 17))
                .transaction(Value.of(3, 1));
        Event fault = Event.of("faults", Action.FAULT, Phase.FAIL, "")
                .note("it said \"no\"\\\n\tand ended: ü");
        try (Recorder recorder = new Recorder(file, () -> clock.getAndAdd(5))) {
            recorder.record(send);
            recorder.record(send.offset(4));
            recorder.record(fault);
        }

        List<Event> read = new ArrayList<>();
        History.read(file, read::add);

        assertThat(read).containsExactly(send.at(5), send.offset(4).at(10), fault.at(15));
    }

    @Test
    void isReadWithBlanksAndNamesItDoesNotKnow() throws Exception {
        Path file = Files.writeString(dir.resolve("h"),
                "\n{ \"do\" : \"send\", \"is\":\"ok\" ,\"p\":\"x\", \"t\" : 7, \"new\":\"y\" }\n");

        List<Event> read = new ArrayList<>();
        History.read(file, read::add);

        assertThat(read).containsExactly(Event.of("x", Action.SEND, Phase.OK, "").at(7));
    }

    @Test
    void namesTheLineThatIsNoEvent() throws Exception {
        Path good = dir.resolve("h");
        String line = "{\"t\":1,\"p\":\"x\",\"do\":\"send\",\"is\":\"ok\"}\n";
        for (String bad : List.of("{\"t\":1", "{\"t\":1}", "[]", "{\"t\":\"x", line.strip() + "x",
                "{\"t\":1,\"p\":\"x\",\"do\":\"sing\",\"is\":\"ok\"}",
                "{\"t\":1,\"p\":\"\\u00zz\"}",
                "{\"t\":1,\"p\":\"x\",\"do\":\"send\",\"is\":\"ok\",\"v\":\"seven\"}")) {
            Files.writeString(good, line + bad + "\n");

            assertThatThrownBy(() -> History.read(good, _ -> {})).as(bad)
                    .isInstanceOf(HistoryException.class).hasMessageContaining(", line 2: ");
        }
    }

    @Test
    void countsWhatIsAcknowledgedAndDelivered() {
        try (Recorder recorder = new Recorder(dir.resolve("h"), () -> 0)) {
            recorder.record(Event.of("p", Action.SEND, Phase.INVOKE, "x"));
            recorder.record(Event.of("p", Action.SEND, Phase.OK, "x"));
            recorder.record(Event.of("c", Action.READ, Phase.OK, "x"));

            assertThat(recorder.acknowledged()).isEqualTo(1);
            assertThat(recorder.delivered()).isEqualTo(1);
        }
    }
}
