package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A channel whose consumers acknowledge nothing gets messages up to the limit only,
 * whatever its prefetch.
 */
class UnsettledLimitIT {

    private static final int LIMIT = 100;
    private static final int MESSAGES = 250;

    private final TaffrailBroker broker = TaffrailBroker.builder()
            .set("amqp.max.unsettled", Integer.toString(LIMIT)).start();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void deliveriesStopThereAndGoOnWithEverySettlement() throws Exception {
        try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            Channel publisher = rabbit.confirming();
            publisher.queueDeclare("q", true, false, false, null);
            Rabbit.publish(publisher, "q", IntStream.range(0, MESSAGES).mapToObj(Integer::toString)
                    .toArray(String[]::new));
            Channel greedy = rabbit.channel();
            Inbox inbox = new Inbox(greedy);
            greedy.basicConsume("q", false, inbox);

            long lastTag = 0;
            for (int index = 0; index < LIMIT; index++) {
                lastTag = inbox.next().getEnvelope().getDeliveryTag();
            }
            assertThat(publisher.messageCount("q")).isEqualTo(MESSAGES - LIMIT);
            Channel other = rabbit.channel();
            Inbox others = new Inbox(other);
            String tag = other.basicConsume("q", false, others);
            for (int index = LIMIT; index < 2 * LIMIT; index++) {
                assertThat(others.nextText()).isEqualTo(Integer.toString(index));
            }
            other.basicCancel(tag);
            assertThat(inbox.waiting()).isZero();

            greedy.basicAck(lastTag - 10, false);
            assertThat(inbox.nextText()).isEqualTo(Integer.toString(2 * LIMIT));
            greedy.basicAck(lastTag, true);
            for (int index = 2 * LIMIT + 1; index < MESSAGES; index++) {
                assertThat(inbox.nextText()).isEqualTo(Integer.toString(index));
            }
            assertThat(publisher.messageCount("q")).isZero();
        }
    }
}
