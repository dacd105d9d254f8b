/** Requests about transactions, of which there are none. */
@NullMarked
package io.taffrail.kafka.transactions;

import org.jspecify.annotations.NullMarked;
