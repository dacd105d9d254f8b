package io.taffrail.amqp.net;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A fake virtual host {@code /} without exchanges and queues: every message is unroutable. */
final class NoQueues {

    /** Names of queues whose purge fails. */
    static final String THROWS_EXCEPTION = "throws an exception";
    static final String THROWS_ERROR = "throws an error";

    private static final Set<String> ANY_THREAD = Set.of("name", "owner");

    /** Closed sessions. */
    final BlockingQueue<Session> closed = new LinkedBlockingQueue<>();
    /** Result of every passive declare; completed by {@link #find}. */
    private final CompletableFuture<QueueStatus> found = new CompletableFuture<>();
    private final Owner owner;

    NoQueues(Owner owner) {
        this.owner = owner;
    }

    /** Completes every passive declare with a queue of this name. */
    void find(String name) {
        owner.execute(() -> found.complete(new QueueStatus(name, 0, 0)));
    }

    VirtualHosts hosts() {
        VirtualHost host = (VirtualHost) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{VirtualHost.class}, (proxy, method, arguments) -> {
                    assert owner.isCurrent() || ANY_THREAD.contains(method.getName());
                    return switch (method.getName()) {
                        case "name" -> "/";
                        case "owner" -> owner;
                        case "publisher" -> publisher((ConfirmListener) arguments[0]);
                        case "work" -> 0L;
                        case "onEnd" -> (Registration) () -> {};
                        case "purgeQueue" -> throw arguments[0].equals(THROWS_ERROR)
                                ? new AssertionError("thrown by a test")
                                : new IllegalStateException("thrown by a test");
                        case "checkQueue" -> found;
                        case "closed" -> {
                            closed.add((Session) arguments[0]);
                            yield null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
        return (VirtualHosts) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{VirtualHosts.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "find" -> Optional.of(host).filter(found -> "/".equals(arguments[0]));
                    case "all" -> List.of(host);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Publisher publisher(ConfirmListener listener) {
        return new Publisher() {
            @Override
            public PublishOutcome publish(long tag, Message message) {
                owner.execute(() -> listener.confirmed(tag));
                return PublishOutcome.UNROUTED;
            }

            @Override
            public boolean publishTo(long tag, String queue, Message message) {
                return false;
            }

            @Override
            public void count(MessageEvent event, long number) {
                // Nobody looks at the numbers.
            }

            @Override
            public void close() {
                // Nothing to release.
            }
        };
    }
}
