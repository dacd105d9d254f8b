package io.taffrail.broker.queue;

import io.taffrail.broker.message.Table;
import java.util.List;

/**
 * How a consumer is served.
 *
 * @param tag
 *            its name for people
 * @param session
 *            the connection it is of
 * @param acknowledges
 *            whether it settles deliveries; otherwise each is settled as it is handed over
 * @param exclusive
 *            alone on its queue
 * @param prefetch
 *            limits that all have to have room; empty for none
 * @param arguments
 *            {@code x-priority}, {@code x-stream-offset}, …, as sent
 */
public record ConsumerOptions(String tag, Session session, boolean acknowledges, boolean exclusive,
        List<Prefetch> prefetch, Table arguments) {}
