package io.taffrail.bench.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Finds free loopback ports below the kernel's ephemeral range. A probe that retries a port in that
 * range could get the same port as its source port, and connect to itself.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    public static int free(RandomGenerator random) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(LOWEST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException(
                "no free port after " + TRIES + " tries between " + LOWEST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
