/** The Fetch request: sessions (KIP-227), reads, and waiting for what is not there yet. */
@NullMarked
package io.taffrail.kafka.fetch;

import org.jspecify.annotations.NullMarked;
