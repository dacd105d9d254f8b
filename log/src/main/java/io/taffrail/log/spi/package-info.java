/**
 * What a log engine is to the rest of the broker. Every engine passes {@code LogEngineContract}.
 *
 * <p>
 * A log belongs to one {@link io.taffrail.log.spi.Owner}: methods of
 * {@link io.taffrail.log.spi.WritableLog} that change it, and the
 * callbacks it makes, run on that owner's thread. {@link io.taffrail.log.spi.ReadableLog}'s reads
 * may come from any thread.
 */
@NullMarked
package io.taffrail.log.spi;

import org.jspecify.annotations.NullMarked;
