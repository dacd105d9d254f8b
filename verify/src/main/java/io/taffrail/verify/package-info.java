/**
 * The {@code taffrail verify} command: real clients record a history while faults are
 * injected into a broker, and a checker derives the broken guarantees from that history alone.
 * Works with any broker that speaks Kafka's protocol or AMQP 0-9-1;
 * this module depends on no other module of Taffrail.
 */
@NullMarked
package io.taffrail.verify;

import org.jspecify.annotations.NullMarked;
