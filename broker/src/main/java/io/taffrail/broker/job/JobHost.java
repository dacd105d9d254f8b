package io.taffrail.broker.job;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.log.spi.WritableLog;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The virtual host as its jobs see it. Owner thread only. */
public interface JobHost {

    String name();

    QueueContext context();

    /** A random text, never the same twice. */
    String newId();

    Optional<AnyQueue> queue(String name);

    Collection<AnyQueue> queues();

    /** Stores a message in this turn; false if the queue refuses it. */
    boolean store(AnyQueue queue, Message message);

    /** As {@link #store}, for a message that the broker moves. */
    boolean storeMoved(AnyQueue queue, Message message);

    /** Creates a durable queue, or checks that there is one. */
    CompletableFuture<Void> declare(QueueDeclaration queue, Session session);

    CompletableFuture<Subscription> consume(String queue, ConsumerOptions options,
            Consumer consumer);

    CompletableFuture<Void> get(String queue, Session session, GetHolder holder, Getter getter);

    /** Whether there is a log of jobs. */
    boolean hasLog();

    /**
     * Opens the log of jobs, or creates it; completes on the owner's thread.
     *
     * @param again
     *            whether an earlier handle is to be fenced
     */
    CompletableFuture<WritableLog> openLog(boolean again);

    /** Shows the log of jobs as a topic. */
    void show(WritableLog log);

    /** Hides the topic. */
    void hide();

    /** Reports that the states of jobs are in doubt. */
    void failed(Throwable cause);
}
