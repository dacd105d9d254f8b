package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Publishes messages together and collects their outcome. Owner thread only until it is done. */
public final class Publication implements ConfirmListener {

    private final List<Message> messages;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    /** Tags without an outcome; the first tag is 1. */
    private final BitSet open = new BitSet();
    private int unrouted;
    private int rejected;

    public Publication(List<Message> messages) {
        this.messages = messages;
    }

    /** Publishes; completes when every message is durable or refused. */
    public CompletableFuture<Boolean> publish(VirtualHost host) {
        open.set(1, messages.size() + 1);
        Publisher publisher = host.publisher(this);
        try {
            publish(publisher, 0);
        } catch (RuntimeException e) {
            publisher.close();
            throw e;
        }
        return done.whenComplete((_, _) -> publisher.close());
    }

    /** Publishes from an index on; behind a message that takes several tasks, it goes on later. */
    private void publish(Publisher publisher, int first) {
        for (int i = first; i < messages.size(); i++) {
            PublishOutcome outcome = publisher.publish(i + 1, messages.get(i));
            if (outcome == PublishOutcome.UNDER_WAY) {
                int next = i + 1;
                var _ = publisher.underWay().outcome().thenAccept(end -> {
                    count(end);
                    publish(publisher, next);
                }).whenComplete((_, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    }
                });
                return;
            }
            count(outcome);
        }
        told();
    }

    private void count(PublishOutcome outcome) {
        if (outcome == PublishOutcome.UNROUTED) {
            unrouted++;
        }
    }

    /** Numbers of messages, for the response; after {@link #publish} has completed. */
    public Map<String, Object> outcome() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("published", messages.size() - unrouted - rejected);
        object.put("unrouted", unrouted);
        object.put("rejected", rejected);
        return object;
    }

    /** Number of messages that reached no queue; after {@link #publish} has completed. */
    public int unrouted() {
        return unrouted;
    }

    /** Number of messages that a queue refused; after {@link #publish} has completed. */
    public int rejected() {
        return rejected;
    }

    @Override
    public void rejected(long tag) {
        rejected++;
        open.clear((int) tag);
        told();
    }

    @Override
    public void confirmed(long upToTag) {
        open.clear(0, (int) upToTag + 1);
        told();
    }

    @Override
    public void failed(Throwable cause) {
        done.completeExceptionally(cause);
    }

    private void told() {
        if (open.isEmpty()) {
            done.complete(true);
        }
    }
}
