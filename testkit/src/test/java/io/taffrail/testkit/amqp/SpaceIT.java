package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;

/** A queue's size on disk follows its content. */
class SpaceIT {

    /** At least 100 MB; the test gives up after {@link #AT_MOST} messages. */
    private static final int AT_LEAST = 1_000;
    private static final int AT_MOST = 20_000;
    private static final String BODY = "x".repeat(100_000);

    @Test
    void oneStuckMessageDoesNotKeepTheSpaceOfThoseBehindIt() throws Exception {
        try (TaffrailBroker broker = TaffrailBroker.start()) {
            Path logs = broker.dataDir().orElseThrow().resolve("logs");
            try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
                Channel channel = rabbit.confirming();
                channel.queueDeclare("q", true, false, false, null);
                Rabbit.publish(channel, "q", "stuck");
                assertThat(channel.basicGet("q", false)).isNotNull();
                Channel consuming = rabbit.channel();
                Inbox inbox = new Inbox(consuming);
                consuming.basicConsume("q", false, inbox);

                int sent = 0;
                while (sent < AT_LEAST || (sent < AT_MOST && bytesIn(logs) > 40L << 20)) {
                    Rabbit.publish(channel, "q", BODY);
                    consuming.basicAck(inbox.next().getEnvelope().getDeliveryTag(), false);
                    sent++;
                }

                assertThat(bytesIn(logs)).as("after %s messages", sent).isLessThan(40L << 20);
            }
            broker.kill();
            try (Rabbit again = Rabbit.connect(broker.amqpAddress())) {
                assertThat(Rabbit.drain(again.channel(), "q")).startsWith("stuck");
            }
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) { // A deleted segment takes no space.
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return bytes[0];
    }
}
