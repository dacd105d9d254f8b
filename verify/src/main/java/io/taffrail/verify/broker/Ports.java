package io.taffrail.verify.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Finds free ports of 127.0.0.1 below the kernel's ephemeral range. */
public final class Ports {

    private static final int LOWEST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    /**
     * Returns the first of {@code count} consecutive free ports.
     *
     * @throws ControlException
     *             if none are found
     */
    public static int free(RandomGenerator random, int count) {
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(LOWEST, END - count);
            boolean free = true;
            for (int next = port; next < port + count; next++) {
                free &= isFree(next);
            }
            if (free) {
                return port;
            }
        }
        throw new ControlException("no free ports between " + LOWEST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
