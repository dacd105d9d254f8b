package io.taffrail.log.spi;

/** A callback's place in a list; closing it removes the callback. Closing twice is allowed. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
