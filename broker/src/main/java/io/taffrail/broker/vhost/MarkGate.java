package io.taffrail.broker.vhost;

import io.taffrail.broker.deduplication.CacheSettings;
import io.taffrail.broker.deduplication.MarkLog;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.LogId;
import org.jspecify.annotations.Nullable;

/**
 * The de-duplication gate in front of one exchange. While the log of its marks has failed it lets
 * no message pass, because duplicates could not be recognised. Owner thread only.
 */
final class MarkGate implements Gate {

    private final CacheSettings settings;
    private final LogId log;
    private @Nullable MarkLog marks;

    /**
     * @param log
     *            the id of the log of the marks
     */
    MarkGate(CacheSettings settings, LogId log) {
        this.settings = settings;
        this.log = log;
    }

    CacheSettings settings() {
        return settings;
    }

    LogId log() {
        return log;
    }

    /** Sets the marks in use. */
    void use(MarkLog opened) {
        marks = opened;
    }

    @Override
    public boolean isOut() {
        MarkLog open = marks;
        return open == null || open.isFailed();
    }

    @Override
    public boolean admits(Properties properties) {
        MarkLog open = marks;
        return open != null && open.add(properties);
    }

    @Override
    public void withdraw(Properties properties) {
        MarkLog open = marks;
        if (open != null) {
            open.withdraw(properties);
        }
    }

    /** Closes the marks; the gate is shut until {@link #use}. */
    void close() {
        MarkLog open = marks;
        marks = null;
        if (open != null) {
            open.close();
        }
    }
}
