package io.taffrail.kafka.client;

import org.jspecify.annotations.Nullable;

/**
 * One header of a record.
 *
 * @param value
 *            may be null, which differs from an empty value
 */
public record Header(String name, byte @Nullable [] value) {}
