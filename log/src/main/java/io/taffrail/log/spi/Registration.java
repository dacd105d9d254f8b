package io.taffrail.log.spi;

/**
 * The registration of a callback. Closing it removes the callback; a second close has no effect.
 */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
