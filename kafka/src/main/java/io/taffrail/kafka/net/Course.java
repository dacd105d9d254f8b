package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.kafka.api.PipelinedHandler;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pipelined request on its way through a connection, as its handler sees it. */
final class Course implements PipelinedHandler.Course {

    private final KafkaConnection connection;
    private final ByteBuf frame;
    private final Slot slot;
    private final AtomicBoolean taken = new AtomicBoolean();

    Course(KafkaConnection connection, ByteBuf frame, Slot slot) {
        this.connection = connection;
        this.frame = frame;
        this.slot = slot;
    }

    @Override
    public void taken() {
        if (taken.compareAndSet(false, true)) {
            connection.taken(frame, slot);
        }
    }

    @Override
    public void hold() {
        connection.putAside(slot);
    }

    @Override
    public void resume(Runnable last) {
        connection.resume(() -> {
            connection.handOver(slot);
            last.run();
        });
    }
}
