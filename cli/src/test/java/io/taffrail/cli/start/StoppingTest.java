package io.taffrail.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.log.LogFailedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoppingTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int SIGTERM = 15;

    private final BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private Stopping stopping(AutoCloseable running, Duration timeout) {
        return new Stopping(running, timeout, said::add, halts::add);
    }

    @Test
    void aSignalStopsInOrder() throws Exception {
        stopping(() -> said.add("closed"), LONG).signal(SIGTERM);

        assertThat(halts.take()).isEqualTo(ExitCode.OK);
        assertThat(said).containsExactly("stopping", "closed", "stopped");
    }

    @Test
    void aStopThatFailsSaysSo() throws Exception {
        stopping(() -> {
            throw new IllegalStateException("no");
        }, LONG).signal(SIGTERM);

        assertThat(halts.take()).isEqualTo(ExitCode.FAILURE);
        assertThat(said).containsExactly("stopping");
    }

    @Test
    void aSecondSignalEndsAStopThatHangs() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        Stopping stopping = stopping(() -> {
            closing.countDown();
            never.await();
        }, LONG);
        stopping.signal(SIGTERM);
        closing.await();
        assertThat(halts).isEmpty();

        stopping.signal(2);

        assertThat(halts.take()).isEqualTo(130);
        never.countDown();
    }

    @Test
    void aStopThatHangsEndsAtItsDeadline() throws Exception {
        stopping(never::await, Duration.ZERO).signal(SIGTERM);

        assertThat(halts.take()).isEqualTo(ExitCode.FAILURE);
        never.countDown();
    }

    @Test
    void aReaderOfOutputThatHangsDoesNotOutliveTheDeadline() throws Exception {
        Stopping stopping = new Stopping(() -> said.add("closed"), Duration.ZERO, line -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, halts::add);
        stopping.signal(SIGTERM);

        assertThat(halts.take()).isEqualTo(ExitCode.FAILURE);
        never.countDown();
    }

    @Test
    void aFailedDiskEndsTheProcessThoughNobodyReadsWhy() throws Exception {
        PrintStream err = System.err;
        System.setErr(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }));
        try {
            stopping(() -> {}, LONG).crash(new LogFailedException("the disk is gone"));

            assertThat(halts.take()).isEqualTo(ExitCode.STORAGE_FAILED);
        } finally {
            System.setErr(err);
            never.countDown();
        }
    }

    @Test
    void anExitOfTheJvmWaitsForTheStop() throws Exception {
        Stopping stopping = stopping(() -> said.add("closed"), LONG);
        stopping.atExit();

        assertThat(said).contains("closed");
        assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }
}
