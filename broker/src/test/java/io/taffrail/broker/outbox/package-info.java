@NullMarked
package io.taffrail.broker.outbox;

import org.jspecify.annotations.NullMarked;
