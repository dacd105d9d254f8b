/**
 * {@code taffrail verify}: real clients write a history while faults are injected into a broker,
 * and a checker that knows nothing but the history says which promises were broken. Works against
 * any broker that speaks Kafka or AMQP 0-9-1; this module knows no other module of Taffrail.
 */
@NullMarked
package io.taffrail.verify;

import org.jspecify.annotations.NullMarked;
