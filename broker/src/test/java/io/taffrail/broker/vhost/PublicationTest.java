package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.traffic.MessageEvent;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages published by one command, of which some take several tasks of the broker. */
class PublicationTest {

    private static final Message MESSAGE = new Message("x", "", Properties.none(),
            ByteBuffer.allocate(0));

    /** A publisher whose second message is under way until the test ends it. */
    private static final class SlowPublisher implements Publisher {

        private final CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
        private final List<Long> tags = new ArrayList<>();

        @Override
        public PublishOutcome publish(long tag, Message message) {
            tags.add(tag);
            return tag == 2 ? PublishOutcome.UNDER_WAY : PublishOutcome.ROUTED;
        }

        @Override
        public boolean publishTo(long tag, String queue, Message message) {
            tags.add(tag);
            return true;
        }

        @Override
        public UnderWay underWay() {
            return new UnderWay(MESSAGE, outcome);
        }

        @Override
        public void count(MessageEvent event, long number) {
            throw new AssertionError("nothing is counted here");
        }

        @Override
        public void close() {
            tags.add(-1L);
        }
    }

    private final SlowPublisher publisher = new SlowPublisher();
    private final List<ConfirmListener> listeners = new ArrayList<>();
    private final Publication publication = new Publication(Collections.nCopies(3, MESSAGE));

    private CompletableFuture<Boolean> publish() {
        VirtualHost host = (VirtualHost) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{VirtualHost.class}, (_, _, arguments) -> {
                    listeners.add((ConfirmListener) arguments[0]);
                    return publisher;
                });
        return publication.publish(host);
    }

    @Test
    void theNextMessageWaitsForOneThatIsUnderWay() {
        var done = publish();
        assertThat(publisher.tags).containsExactly(1L, 2L);
        listeners.getFirst().confirmed(1);

        publisher.outcome.complete(PublishOutcome.UNROUTED);
        assertThat(publisher.tags).containsExactly(1L, 2L, 3L);
        assertThat(done).isNotDone();
        listeners.getFirst().confirmed(3);

        assertThat(done).isCompletedWithValue(true);
        assertThat(publication.outcome()).containsEntry("published", 2)
                .containsEntry("unrouted", 1);
        assertThat(publisher.tags).endsWith(-1L);
    }

    @Test
    void aMessageThatIsRefusedLaterFailsThePublication() {
        var done = publish();

        publisher.outcome.completeExceptionally(new IllegalStateException("refused"));

        assertThat(done).isCompletedExceptionally();
        assertThat(publisher.tags).containsExactly(1L, 2L, -1L);
    }
}
