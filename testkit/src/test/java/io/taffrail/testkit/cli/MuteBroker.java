package io.taffrail.testkit.cli;

import io.taffrail.cli.Main;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * The {@code taffrail} command with a standard output that blocks when it reports the stop, like a
 * pipe without a reader: the stop hangs.
 */
final class MuteBroker {

    private MuteBroker() {}

    public static void main(String[] args) {
        PrintStream real = System.out;
        CountDownLatch never = new CountDownLatch(1);
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true,
                StandardCharsets.UTF_8) {

            @Override
            public void println(String line) {
                real.println(line);
                if (line.equals("stopping")) {
                    real.flush();
                    hang(never);
                }
            }
        });
        Main.main(args);
    }

    private static void hang(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
