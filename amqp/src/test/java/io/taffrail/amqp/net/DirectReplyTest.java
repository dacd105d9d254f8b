package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.broker.message.FieldTable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A requester that does not read its replies affects no other client. */
class DirectReplyTest {

    private static final int PATIENCE_S = 20;
    private static final int ANSWER_BYTES = 4 << 20;
    private static final int ANSWERS = 40;
    private static final long MOST_HELD_BYTES = 24 << 20;

    @RegisterExtension
    final LiveHead head = new LiveHead();

    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    /** Sends a request and reads nothing afterwards. */
    private static void ask(RawClient client) throws Exception {
        client.send(1, new ChannelMethod.Open(""), new BasicMethod.Consume(REPLY_TO, "c", false,
                true, false, false, FieldTable.EMPTY));
        client.receive();
        client.receive();
        ByteBuf out = Unpooled.buffer();
        Frame.method(out, 1, new BasicMethod.Publish("", "rpc", false, false));
        int start = Frame.begin(out, Frame.HEADER, 1);
        out.writeShort(60).writeShort(0).writeLong(0).writeShort(0x0200)
                .writeByte(REPLY_TO.length())
                .writeBytes(REPLY_TO.getBytes(StandardCharsets.US_ASCII));
        Frame.end(out, start);
        client.send(out);
    }

    @Test
    void answersToADeafRequesterAreDroppedAndTheResponderGoesOn() throws Exception {
        try (Connection connection = head.connect("guest");
                RawClient deaf = new RawClient(head.port()).open()) {
            Channel responder = connection.createChannel();
            responder.confirmSelect();
            responder.queueDeclare("rpc", true, false, false, null);
            ask(deaf);
            GetResponse request = null;
            while (request == null) {
                request = responder.basicGet("rpc", true);
            }
            CompletableFuture<Integer> returned = new CompletableFuture<>();
            responder.addReturnListener(back -> returned.complete(back.getReplyCode()));
            long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();

            byte[] answer = new byte[ANSWER_BYTES];
            for (int count = 0; count < ANSWERS; count++) {
                responder.basicPublish("", request.getProps().getReplyTo(), true,
                        new AMQP.BasicProperties(), answer);
                responder.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            }

            assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before)
                    .isLessThan(MOST_HELD_BYTES);
            assertThat(returned.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(AMQP.NO_ROUTE);
            assertThat(responder.queueDeclarePassive("rpc").getMessageCount()).isZero();
        }
    }

    @Test
    void anAnswerBehindARejectedMessageIsConfirmed() throws Exception {
        try (Connection connection = head.connect("guest");
                RawClient asking = new RawClient(head.port()).open()) {
            Channel responder = connection.createChannel();
            responder.confirmSelect();
            responder.queueDeclare("rpc", true, false, false, null);
            responder.queueDeclare("full", false, false, false,
                    Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
            ask(asking);
            GetResponse request = null;
            while (request == null) {
                request = responder.basicGet("rpc", true);
            }
            String asked = request.getProps().getReplyTo();

            responder.basicPublish("", "full", null, new byte[1]);
            assertThat(responder.waitForConfirms(TimeUnit.SECONDS.toMillis(PATIENCE_S))).isFalse();
            responder.basicPublish("", asked, null, new byte[1]);
            assertThat(responder.waitForConfirms(TimeUnit.SECONDS.toMillis(PATIENCE_S)))
                    .as("behind what is known to be rejected").isTrue();

            responder.basicPublish("", "full", null, new byte[1]);
            responder.basicPublish("", asked, null, new byte[1]);
            assertThat(responder.waitForConfirms(TimeUnit.SECONDS.toMillis(PATIENCE_S)))
                    .as("behind what is rejected later").isFalse();
        }
    }

    @Test
    void aReplyThatIsRefusedRefusesItsTransaction() throws Exception {
        try (Connection connection = head.connect("guest")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.txSelect();
            channel.basicPublish("", "q", null, new byte[1]);
            channel.basicPublish("", REPLY_TO + ".gone",
                    new AMQP.BasicProperties.Builder().expiration("never").build(), new byte[1]);

            assertThatThrownBy(channel::txCommit).hasStackTraceContaining("406")
                    .hasStackTraceContaining("never");

            assertThat(connection.createChannel().queueDeclarePassive("q").getMessageCount())
                    .isZero();
        }
    }
}
