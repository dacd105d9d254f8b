package io.taffrail.testkit.fault;

import io.taffrail.cli.Main;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code taffrail} command in a process that runs out of memory when it reads a byte
 * from standard input: a thread fills the heap, ends with the {@link OutOfMemoryError}, and
 * leaves the heap full.
 */
final class StarvedBroker {

    private static final List<byte[]> HELD = new ArrayList<>();

    private StarvedBroker() {}

    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("taffrail-glutton").start(() -> {
            awaitSignal();
            int bytes = 1 << 20;
            while (true) {
                try {
                    HELD.add(new byte[bytes]);
                } catch (OutOfMemoryError e) {
                    if (bytes == 16) {
                        throw e;
                    }
                    bytes /= 2;
                }
            }
        });
        Main.main(args);
    }

    private static void awaitSignal() {
        try {
            if (System.in.read() < 0) {
                throw new IllegalStateException("nobody asks");
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
