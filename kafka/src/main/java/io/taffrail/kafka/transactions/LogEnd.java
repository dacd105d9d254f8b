package io.taffrail.kafka.transactions;

import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A wait, once, for the durability of all that a log has taken. Owner thread only. */
final class LogEnd {

    private @Nullable Registration registration;

    private LogEnd() {}

    /** Calls {@code next} with the log's end when everything appended so far is durable. */
    static void whenDurable(WritableLog log, LongConsumer next) {
        long end = log.nextOffset();
        if (log.durableEnd() >= end) {
            next.accept(end);
            return;
        }
        LogEnd wait = new LogEnd();
        wait.registration = log.onDurableEnd(durableEnd -> {
            if (durableEnd >= end) {
                wait.finish(() -> next.accept(end));
            }
        });
    }

    private void finish(Runnable next) {
        if (registration != null) {
            registration.close();
            registration = null;
            next.run();
        }
    }
}
