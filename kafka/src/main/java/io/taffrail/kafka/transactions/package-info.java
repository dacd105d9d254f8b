/** Requests about transactions, which this broker does not support. */
@NullMarked
package io.taffrail.kafka.transactions;

import org.jspecify.annotations.NullMarked;
