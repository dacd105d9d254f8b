package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.vhost.Host.Recorder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Readers of a stream while the disk does not answer. */
class StreamReadTest extends HostTest {

    @Test
    void whoReadsSinceATimeGetsWhatOfThatTimeIsNotDurableYet() {
        var _ = host.declare("s", Map.of("x-queue-type", new FieldValue.Text("stream")));
        assertThat(host.publish("s", "before")).isTrue();
        time.advance(60_000);
        engine.holdDurability();
        host.post("s", "since");

        Recorder recorder = new Recorder();
        var _ = host.subscribe("s", recorder, true, 10,
                Map.of("x-stream-offset", new FieldValue.Timestamp(time.millis() / 1000)));
        engine.releaseDurability();

        assertThat(recorder.take().body()).isEqualTo("since");
    }
}
