/**
 * The service provider interface of log engines. Every engine passes {@code LogEngineContract}.
 *
 * <p>
 * A log belongs to one {@link io.taffrail.log.spi.Owner}. Methods
 * of {@link io.taffrail.log.spi.WritableLog} run on the owner's thread, and the log calls its
 * listeners there. Reads through {@link io.taffrail.log.spi.ReadableLog} may come from any thread.
 */
@NullMarked
package io.taffrail.log.spi;

import org.jspecify.annotations.NullMarked;
