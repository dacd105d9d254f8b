package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.log.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue: a log of messages, a cursor over it and consumers. Owner thread only.
 *
 * <pre>
 *            publish                 hand out                 accept
 *  (nothing) ───────► ready in log ──────────► held ─────────────────► settled
 *                          ▲                    │  requeue, close        ▲
 *                          └── returned ◄───────┘                        │
 *                                  └──── purge, expiry ──────────────────┘
 * </pre>
 */
public final class Queue extends Destination {

    /** Messages handed out before other work of the loop gets its turn. */
    private static final int RUN = 1024;

    private final QueueDeclaration declaration;
    private final QueueContext context;
    private final @Nullable Session exclusiveTo;
    private final MessageLog messages;
    private final CursorLog cursor;
    private final Ready ready;
    private final Consumers consumers;
    private final List<ConsumerLink> served = new ArrayList<>();
    private final Registration durableEnd;
    private final Runnable wake = this::schedule;
    private final Space space;
    private boolean scheduled;
    private boolean deleted;

    /**
     * @param exclusiveTo
     *            whose it is alone, or null
     */
    public Queue(QueueDeclaration declaration, @Nullable Session exclusiveTo, QueueLogs logs,
            QueueContext context) {
        this.declaration = declaration;
        this.exclusiveTo = exclusiveTo;
        this.context = context;
        this.messages = new MessageLog(logs.messages(), context.turn(), this::notStored);
        this.cursor = logs.cursor();
        this.ready = new Ready(messages, cursor);
        this.consumers = new Consumers(false);
        this.space = new Space(logs.messages(), cursor);
        this.durableEnd = logs.messages().onDurableEnd(this::advanced);
    }

    public String name() {
        return declaration.name();
    }

    /** As it was declared, with the name it has. */
    public QueueDeclaration declaration() {
        return declaration;
    }

    /** The session it is exclusive to. */
    public Optional<Session> exclusiveTo() {
        return Optional.ofNullable(exclusiveTo);
    }

    /** Ready messages and consumers, now. */
    public QueueStatus status() {
        return new QueueStatus(name(), ready.count(), consumers.size());
    }

    @Override
    protected void reach(Walk walk) {
        walk.found(this);
    }

    /** Takes a message into this turn. */
    public void store(Message message) {
        messages.add(message, context.clock().millis());
        ready.added(1);
    }

    private void notStored(int count) {
        ready.added(-count);
    }

    private void advanced(long end) {
        if (!deleted) {
            messages.advanced(end);
            dispatch();
            space.reclaim(ready.count() == 0);
        }
    }

    /** Adds a consumer; it is served in a later turn. */
    public Subscription consume(ConsumerOptions options, Consumer consumer) {
        ConsumerLink link = new ConsumerLink(this, options, consumer);
        consumers.add(link);
        schedule();
        return link;
    }

    /** Whether its one consumer is exclusive. */
    public boolean hasExclusiveConsumer() {
        return consumers.hasExclusive();
    }

    void left(ConsumerLink consumer) {
        consumers.remove(consumer);
        schedule();
        if (consumers.size() == 0) {
            context.unused(this);
        }
    }

    Runnable wake() {
        return wake;
    }

    /** Hands out messages in a later turn. */
    void schedule() {
        if (!scheduled) {
            scheduled = true;
            context.owner().execute(this::dispatchScheduled);
        }
    }

    private void dispatchScheduled() {
        scheduled = false;
        if (!deleted) {
            dispatch();
        }
    }

    private void dispatch() {
        if (consumers.size() == 0) {
            ready.idle();
            return;
        }
        long before = ready.position();
        for (int left = RUN; ready.count() > 0 && ready.peek(); left--) {
            ConsumerLink consumer = left > 0 ? consumers.next() : null;
            if (consumer == null) {
                if (left == 0) {
                    schedule();
                }
                break;
            }
            hand(consumer);
        }
        if (ready.position() > before) {
            cursor.handedOut(ready.position());
        }
        if (ready.count() == 0) {
            ready.idle();
        }
        for (int index = 0; index < served.size(); index++) {
            served.get(index).flush();
        }
        served.clear();
    }

    private void hand(ConsumerLink consumer) {
        RecordCursor message = ready.message();
        HeldDelivery delivery = delivery();
        boolean acknowledges = consumer.options().acknowledges();
        ready.take();
        if (!acknowledges) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        }
        if (consumer.deliver(delivery, message)) {
            served.add(consumer);
        }
    }

    private HeldDelivery delivery() {
        long offset = ready.message().offset();
        return new HeldDelivery(this, offset, ready.isReturned(), cursor.cursor().count(offset));
    }

    /**
     * Takes one message for somebody who asks once.
     *
     * @param holder
     *            where it is held until settled, or null if it is settled by being taken
     * @param done
     *            run after {@code getter} was called
     */
    public void get(@Nullable GetHolder holder, Getter getter, Runnable done) {
        messages.whenReadable(() -> {
            getNow(holder, getter);
            done.run();
        });
    }

    private void getNow(@Nullable GetHolder holder, Getter getter) {
        if (deleted || !ready.peek()) {
            getter.empty();
            return;
        }
        RecordCursor message = ready.message();
        HeldDelivery delivery = delivery();
        ready.take();
        if (holder == null) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        } else {
            holder.list().add(delivery);
            cursor.handedOut(ready.position());
        }
        getter.got(delivery, message, ready.count());
        if (ready.count() == 0) {
            ready.idle();
        }
    }

    /** Settles all that is ready, also what was published before this call and is not durable. */
    public void purge(LongConsumer purged) {
        messages.whenReadable(() -> purged.accept(deleted ? 0 : ready.settleAll()));
    }

    void accepted(HeldDelivery delivery) {
        if (!deleted) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        }
    }

    void requeued(HeldDelivery delivery) {
        if (!deleted) {
            ready.giveBack(delivery.offset(), 0);
            schedule();
        }
    }

    void rejected(HeldDelivery delivery) {
        accepted(delivery);
    }

    /** Stops, with everything recorded that is durable; for the end of the process. */
    public void close() {
        deleted = true;
        durableEnd.close();
        ready.idle();
        messages.close();
        cursor.close();
    }

    /** Ends everything: consumers are told, deliveries have nothing left to settle. */
    public void delete() {
        deleted = true;
        durableEnd.close();
        ready.idle();
        for (ConsumerLink consumer : consumers.all()) {
            consumers.remove(consumer);
            consumer.queueDeleted();
        }
        messages.close();
        cursor.close();
    }
}
