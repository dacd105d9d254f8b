/** Tests of the head with real clients, over logs in memory. */
@NullMarked
package io.taffrail.kafka;

import org.jspecify.annotations.NullMarked;
