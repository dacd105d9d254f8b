package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.MessageLog;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import org.jspecify.annotations.Nullable;

/**
 * The log of a stream queue, which belongs to the virtual host: it takes part in the host's commits
 * and is closed with it. Owner thread only.
 */
public final class HostedLog implements StreamLog {

    private final WritableLog log;
    private final QueueContext context;
    private final MessageLog messages;
    private @Nullable Registration durableEnd;
    private int segments;

    public HostedLog(WritableLog log, QueueContext context) {
        this.log = log;
        this.context = context;
        this.messages = new MessageLog(log, context.turn(), (_, _) -> {});
        this.segments = log.segmentCount();
    }

    @Override
    public WritableLog log() {
        return log;
    }

    @Override
    public boolean add(Message message, long nowMs) {
        messages.add(message, nowMs);
        return true;
    }

    @Override
    public long end() {
        return messages.end();
    }

    @Override
    public void whenReadable(Runnable then) {
        messages.whenReadable(then);
    }

    @Override
    public void follow(Runnable advanced) {
        durableEnd = log.onDurableEnd(end -> {
            messages.advanced(end);
            advanced.run();
            retain();
        });
    }

    /** A new segment may make an old one too much; age is looked at from time to time besides. */
    private void retain() {
        int now = log.segmentCount();
        if (now != segments) {
            segments = now - log.maintain(context.clock().millis());
        }
    }

    @Override
    public void close() {
        if (durableEnd != null) {
            durableEnd.close();
        }
        messages.close();
    }
}
