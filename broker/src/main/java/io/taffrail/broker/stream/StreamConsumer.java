package io.taffrail.broker.stream;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.ReadWindow;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a stream, with its own read position. It reads while it has credit; at the end of
 * the stream it has no read buffer. Owner thread only.
 */
final class StreamConsumer implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConsumer.class);

    private final StreamQueue stream;
    private final ConsumerOptions options;
    private final Consumer consumer;
    private final Optional<StreamFilter> filter;
    private final Steps steps;
    private final List<Prefetch> limits;
    private final Runnable wake = this::resume;
    private final NumberedMessage shown = new NumberedMessage();
    private ReadWindow window;
    private long position;
    private int held;
    private boolean scheduled;
    private boolean ended;
    private boolean closed;

    StreamConsumer(StreamQueue stream, ConsumerOptions options, Consumer consumer, Steps steps,
            long position) {
        this.stream = stream;
        this.options = options;
        this.consumer = consumer;
        this.filter = StreamFilter.read(options.arguments());
        this.steps = steps;
        this.limits = options.prefetch();
        this.position = position;
        this.window = ReadWindow.ofCommitted(stream.log(), stream.lost());
    }

    ConsumerOptions options() {
        return options;
    }

    @Override
    public int readAheadBytes() {
        return ReadWindow.READ_BYTES;
    }

    /** Goes on in another log after the stream moved. */
    void moved() {
        window.release();
        window = ReadWindow.ofCommitted(stream.log(), stream.lost());
        resume();
    }

    @Override
    public void resume() {
        if (!scheduled && !ended) {
            scheduled = true;
            steps.add(this::serveScheduled);
        }
    }

    private void serveScheduled(Budget budget) {
        scheduled = false;
        serve(budget);
    }

    /**
     * Hands out what there is, until the budget is spent; what its filter leaves out has to be
     * looked at too.
     */
    void serve(Budget budget) {
        if (ended) {
            return;
        }
        boolean more = budget.isSpent();
        try {
            while (!more && canTake()) {
                if (!window.seek(position)) {
                    window.release();
                    break;
                }
                budget.spend(window.message().bodyBytes());
                pass(window.message());
                more = budget.isSpent();
            }
            consumer.delivered();
        } catch (Throwable cause) {
            FailStop.check(cause);
            LOG.error("QUE-005 consumer {} of {} failed at offset {} and is cancelled",
                    options.tag(), stream.name(), position, cause);
            fail();
            return;
        }
        if (more) {
            resume();
        } else if (window.holdsMuch()) {
            // The consumer may wait long for credit.
            window.release();
        }
    }

    /** Delivers a message unless the consumer's filter excludes it. */
    private void pass(RecordCursor message) {
        position = message.offset() + 1;
        if (filter.isEmpty() || filter.get().takes(message)) {
            hand(message);
        }
    }

    private void hand(RecordCursor message) {
        stream.counted(MessageEvent.DELIVERED);
        held++;
        for (int index = 0; index < limits.size(); index++) {
            limits.get(index).taken();
        }
        consumer.deliver(new StreamDelivery(this, message.offset()), shown.of(message));
    }

    private boolean canTake() {
        if (!consumer.isReady()) {
            return false;
        }
        for (int index = 0; index < limits.size(); index++) {
            Prefetch limit = limits.get(index);
            if (!limit.hasRoom()) {
                limit.awaitRoom(wake);
                return false;
            }
        }
        return true;
    }

    /** Gives back credit for a settled delivery. */
    void settled() {
        if (!closed) {
            stream.counted(MessageEvent.ACKNOWLEDGED);
            held--;
            limits.forEach(Prefetch::settled);
        }
    }

    private void fail() {
        stream.left(this);
        end();
    }

    /** Cancels the consumer, because the stream is gone. */
    void end() {
        if (!ended) {
            stop();
            Guard.run("QUE-006", "cancelling consumer " + options.tag() + " of "
                    + stream.name(), consumer::cancelled);
        }
    }

    private void stop() {
        ended = true;
        window.release();
    }

    @Override
    public void cancel() {
        if (!ended) {
            stop();
            stream.left(this);
        }
    }

    @Override
    public void cancelAfterPublished(Runnable cancelledNow) {
        cancel();
        cancelledNow.run();
    }

    @Override
    public void close() {
        cancel();
        for (; held > 0; held--) {
            limits.forEach(Prefetch::settled);
        }
        closed = true;
    }

    @Override
    public String queue() {
        return stream.name();
    }
}
