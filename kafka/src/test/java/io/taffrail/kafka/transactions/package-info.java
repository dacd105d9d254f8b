/** Tests of transactions: rules, stored form, and real clients. */
@NullMarked
package io.taffrail.kafka.transactions;

import org.jspecify.annotations.NullMarked;
