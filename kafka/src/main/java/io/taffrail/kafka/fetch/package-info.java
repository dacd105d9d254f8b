/** The Fetch request: sessions (KIP-227), reads, and waiting for new records. */
@NullMarked
package io.taffrail.kafka.fetch;

import org.jspecify.annotations.NullMarked;
