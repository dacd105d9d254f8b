package io.taffrail.verify.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Free ports of 127.0.0.1 below those the kernel gives to clients. */
public final class Ports {

    private static final int LOWEST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    /** The first of so many that lie side by side. */
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
