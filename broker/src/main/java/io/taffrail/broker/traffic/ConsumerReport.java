package io.taffrail.broker.traffic;

import java.util.Map;

/**
 * A consumer as an operator sees it.
 *
 * @param active
 *            whether it receives messages; false if it waits behind the single active consumer
 * @param prefetch
 *            maximum number of unsettled deliveries; 0: no limit of its own
 * @param arguments
 *            by name, in plain types
 */
public record ConsumerReport(String queue, String tag, boolean acknowledges, boolean exclusive,
        boolean active, int prefetch, Map<String, ?> arguments) {}
