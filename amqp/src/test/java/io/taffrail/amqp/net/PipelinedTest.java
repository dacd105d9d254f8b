package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests sent in one write, without waiting for answers. */
class PipelinedTest {

    @RegisterExtension
    final LiveHead head = new LiveHead();

    private static BasicMethod.Consume exclusive(String tag, boolean noWait) {
        return new BasicMethod.Consume("q", tag, false, false, true, noWait, FieldTable.EMPTY);
    }

    private static void publish(ByteBuf out) {
        RawFrames.message(out, new BasicMethod.Publish("", "q", false, false), 0);
    }

    @Test
    void exclusiveConsumerComesBehindTheCancelOfAnother() throws Exception {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.send(1, new ChannelMethod.Open(""),
                    new QueueMethod.Declare("q", false, true, false, false, false,
                            FieldTable.EMPTY));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            assertThat(client.receive()).isInstanceOf(QueueMethod.DeclareOk.class);
            for (int round = 0; round < 50; round++) {
                ByteBuf out = Unpooled.buffer();
                Frame.method(out, 1, exclusive("first", true));
                publish(out);
                publish(out);
                Frame.method(out, 1, new BasicMethod.Cancel("first", true));
                Frame.method(out, 1, exclusive("second", false));
                Frame.method(out, 1, new BasicMethod.Cancel("second", false));
                client.send(out);
                int answers = 0;
                while (answers < 2) {
                    Method answer = client.receive();
                    assertThat(answer).isInstanceOfAny(BasicMethod.ConsumeOk.class,
                            BasicMethod.CancelOk.class, BasicMethod.Deliver.class);
                    answers += answer instanceof BasicMethod.Deliver ? 0 : 1;
                }
            }
        }
    }
}
