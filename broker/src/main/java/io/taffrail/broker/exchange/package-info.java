/**
 * Routing: exchange types and bindings, without side effects outside the package. Everything runs
 * on the owner thread of the virtual host.
 */
@NullMarked
package io.taffrail.broker.exchange;

import org.jspecify.annotations.NullMarked;
