/**
 * Kafka's record batch format v2: header access, reading, checking,
 * building and rewriting of batches.
 */
@NullMarked
package io.taffrail.log.batch;

import org.jspecify.annotations.NullMarked;
