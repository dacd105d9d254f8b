package io.taffrail.broker.traffic;

/**
 * Requests of one kind since the start.
 *
 * @param api
 *            the protocol's name of the request
 * @param failed
 *            requests that were answered by an error of the request as a whole
 * @param totalUs
 *            time from the complete request to its answer, in microseconds
 * @param classes
 *            number of requests by that time; the classes are those of
 *            {@link io.taffrail.log.spi.EngineFigures#classesUs}
 */
public record RequestFigures(String api, long failed, long totalUs, long[] classes) {}
