/** Routing: exchange types and bindings. Pure; one virtual host's owner thread. */
@NullMarked
package io.taffrail.broker.exchange;

import org.jspecify.annotations.NullMarked;
