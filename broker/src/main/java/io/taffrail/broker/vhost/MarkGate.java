package io.taffrail.broker.vhost;

import io.taffrail.broker.deduplication.CacheSettings;
import io.taffrail.broker.deduplication.MarkLog;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.LogId;
import org.jspecify.annotations.Nullable;

/**
 * The marks of one exchange, as the exchange asks them. While their log has failed, nothing goes by
 * the exchange, because nobody knows what is a duplicate. Owner thread only.
 */
final class MarkGate implements Gate {

    private final CacheSettings settings;
    private final LogId log;
    private @Nullable MarkLog marks;

    /**
     * @param log
     *            what their log is called, if they have one
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

    /** Goes on with these. */
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

    /** Has no marks until it is given others. */
    void close() {
        MarkLog open = marks;
        marks = null;
        if (open != null) {
            open.close();
        }
    }
}
