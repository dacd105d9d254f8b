package io.taffrail.cli.control;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Publishes messages together and collects their outcome. Owner thread only until it is done. */
final class Publication implements ConfirmListener {

    private final List<Message> messages;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    /** Tags without an outcome; the first tag is 1. */
    private final BitSet open = new BitSet();
    private int unrouted;
    private int rejected;

    Publication(List<Message> messages) {
        this.messages = messages;
    }

    /** Publishes; completes when every message is durable or refused. */
    CompletableFuture<Boolean> publish(VirtualHost host) {
        open.set(1, messages.size() + 1);
        Publisher publisher = host.publisher(this);
        try {
            for (int i = 0; i < messages.size(); i++) {
                if (publisher.publish(i + 1, messages.get(i)) == PublishOutcome.UNROUTED) {
                    unrouted++;
                }
            }
        } catch (RuntimeException e) {
            publisher.close();
            throw e;
        }
        told();
        return done.whenComplete((_, _) -> publisher.close());
    }

    /** Numbers of messages, for the response; after {@link #publish} has completed. */
    Map<String, Object> outcome() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("published", messages.size() - unrouted - rejected);
        object.put("unrouted", unrouted);
        object.put("rejected", rejected);
        return object;
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
