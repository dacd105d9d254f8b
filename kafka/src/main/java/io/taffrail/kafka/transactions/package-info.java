/**
 * The transaction coordinator: the states of transactional ids, the end markers of transactions,
 * and the requests about them ({@code docs/internals/transactions.md}).
 */
@NullMarked
package io.taffrail.kafka.transactions;

import org.jspecify.annotations.NullMarked;
