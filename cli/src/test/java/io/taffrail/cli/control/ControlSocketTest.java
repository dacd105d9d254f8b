package io.taffrail.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {

    @TempDir
    private Path dir;

    private int ask(List<Map<?, ?>> answers) {
        return Failure.run(() -> {
            ControlClient.ask(dir, Map.of("command", "x"), answers::add);
            return ExitCode.OK;
        });
    }

    @Test
    void aCommandThatFailsIsAnsweredAndOthersAreServed() throws Exception {
        AtomicReference<Optional<RuntimeException>> failure = new AtomicReference<>(
                Optional.of(new IllegalStateException("stopping")));
        List<Map<?, ?>> answers = new ArrayList<>();
        try (ControlSocket _ = ControlSocket.open(dir, (_, answer) -> {
            if (failure.get().isPresent()) {
                throw failure.get().get();
            }
            answer.accept(Map.of("done", true));
        })) {
            assertThat(ask(answers)).isEqualTo(ExitCode.FAILURE);
            failure.set(Optional.of(RequestException.notFound("no queue 'q'")));
            assertThat(ask(answers)).isEqualTo(ExitCode.NOT_FOUND);
            failure.set(Optional.of(new RequestException(ExitCode.REFUSED, "no")));
            assertThat(ask(answers)).isEqualTo(ExitCode.REFUSED);
            failure.set(Optional.of(new IllegalArgumentException("'name' is missing")));
            assertThat(ask(answers)).isEqualTo(ExitCode.USAGE);
            assertThat(answers).isEmpty();

            failure.set(Optional.empty());
            assertThat(ask(answers)).isEqualTo(ExitCode.OK);
            assertThat(answers).hasSize(1);
        }
        assertThat(ask(answers)).isEqualTo(ExitCode.UNREACHABLE);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(ControlSocket.path(dir)));
    }

    @Test
    void silentConnectionsAreClosed() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try (ControlSocket _ = ControlSocket.open(dir,
                (_, answer) -> answer.accept(Map.of("done", true)), Duration.ofMillis(200))) {
            for (int count = 0; count < ControlSocket.MOST_CONNECTIONS; count++) {
                silent.add(connect());
            }
            for (SocketChannel connection : silent) {
                assertThat(connection.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }

            List<Map<?, ?>> answers = new ArrayList<>();
            while (ask(answers) != ExitCode.OK) {
                Thread.onSpinWait(); // The places of closed connections become free.
            }
            assertThat(answers).hasSize(1);
        } finally {
            for (SocketChannel connection : silent) {
                connection.close();
            }
        }
    }

    @Test
    void clientThatDoesNotReadTheResponseIsDisconnected() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (ControlSocket _ = ControlSocket.open(dir, (_, answer) -> {
            try {
                while (true) {
                    answer.accept(Map.of("text", "x".repeat(4096)));
                }
            } finally {
                ended.countDown();
            }
        }, Duration.ofMillis(200)); SocketChannel deaf = connect()) {
            deaf.write(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void longCommandIsNoSilence() throws Exception {
        Duration patience = Duration.ofMillis(100);
        try (ControlSocket _ = ControlSocket.open(dir, (_, answer) -> {
            long end = System.nanoTime() + patience.multipliedBy(5).toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            answer.accept(Map.of("done", true));
        }, patience)) {
            List<Map<?, ?>> answers = new ArrayList<>();
            assertThat(ask(answers)).isEqualTo(ExitCode.OK);
            assertThat(answers).hasSize(1);
        }
    }
}
