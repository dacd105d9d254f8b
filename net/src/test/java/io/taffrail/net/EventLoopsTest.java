package io.taffrail.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.taffrail.log.config.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopsTest {

    private static final int PATIENCE_S = 20;

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = {"amd64", "aarch64"})
    void epollIsThere() {
        assertThat(Epoll.unavailabilityCause()).isNull();
        try (EventLoops loops = EventLoops.start(1)) {
            assertThat(loops.epoll()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerHandsOnWhatItsRegistryAdmits(boolean epoll) throws Exception {
        if (epoll && !Epoll.isAvailable()) {
            return;
        }
        ConnectionRegistry registry = new ConnectionRegistry("Test",
                new ConnectionLimits("", 1, 1, 10, 10), System::nanoTime,
                SocketAllowance.unlimited());
        CountDownLatch accepted = new CountDownLatch(2);
        try (EventLoops loops = EventLoops.start(1, epoll,
                MemoryBudget.of(NetConfig.defaults()), SocketAllowance.unlimited());
                Listener listener = Listener.start(loops, new HostPort("127.0.0.1", 0),
                        WriteBufferWaterMark.DEFAULT, registry, _ -> accepted.countDown())) {
            try (Socket first = connect(listener); Socket second = connect(listener)) {
                assertThat(first.isConnected()).isTrue();
                assertThat(second.getInputStream().read()).isEqualTo(-1);
                assertThat(registry.size()).isEqualTo(1);
            }
            assertThat(registry.awaitNone(PATIENCE_S)).isTrue();
            try (Socket third = connect(listener)) {
                assertThat(third.isConnected()).isTrue();
                assertThat(accepted.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aListenerOnAllInterfacesNamesThemAsConfigured() {
        ConnectionRegistry registry = new ConnectionRegistry("Test",
                new ConnectionLimits("", 1, 1, 10, 10), System::nanoTime,
                SocketAllowance.unlimited());
        try (EventLoops loops = EventLoops.start(1);
                Listener listener = Listener.start(loops, new HostPort("0.0.0.0", 0),
                        WriteBufferWaterMark.DEFAULT, registry, _ -> {})) {
            assertThat(listener.address().getHostString()).isEqualTo("0.0.0.0");
            assertThat(listener.address().getPort()).isPositive();
        }
    }

    private static Socket connect(Listener listener) throws IOException {
        Socket socket = new Socket(listener.address().getAddress(),
                listener.address().getPort());
        socket.setSoTimeout(PATIENCE_S * 1000);
        return socket;
    }
}
