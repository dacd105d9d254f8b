package io.taffrail.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionRegistryTest {

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private long nowMs = 1_000_000;
    private SocketAllowance sockets = SocketAllowance.unlimited();

    private ConnectionRegistry registry(int total, int perAddress, int perSecond,
            int perAddressPerSecond) {
        return new ConnectionRegistry("Test",
                new ConnectionLimits("", total, perAddress, perSecond, perAddressPerSecond),
                () -> TimeUnit.MILLISECONDS.toNanos(nowMs), sockets);
    }

    private static final class From extends EmbeddedChannel {
        private final SocketAddress remote;

        From(String address) {
            super(DefaultChannelId.newInstance());
            this.remote = new InetSocketAddress(address, 40_000);
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }
    }

    @Test
    void takesSoManyInAllAndFromOneAddress() {
        ConnectionRegistry registry = registry(3, 2, UNLIMITED, UNLIMITED);
        From first = new From("10.0.0.1");
        assertThat(registry.admit(first)).isTrue();
        assertThat(registry.admit(new From("10.0.0.1"))).isTrue();
        From third = new From("10.0.0.1");
        assertThat(registry.admit(third)).isFalse();
        assertThat(third.isOpen()).isFalse();
        assertThat(registry.admit(new From("10.0.0.2"))).isTrue();
        assertThat(registry.admit(new From("10.0.0.3"))).isFalse();
        assertThat(registry.refused()).isEqualTo(2);

        var _ = first.close();
        assertThat(registry.size()).isEqualTo(2);
        assertThat(registry.admit(new From("10.0.0.1"))).isTrue();
    }

    @Test
    void oneNetworkOfIpv6IsOneAddress() {
        ConnectionRegistry registry = registry(10, 1, UNLIMITED, UNLIMITED);
        assertThat(registry.admit(new From("2001:db8:0:1::1"))).isTrue();
        assertThat(registry.admit(new From("2001:db8:0:1:ffff::2"))).isFalse();
        assertThat(registry.admit(new From("2001:db8:0:2::1"))).isTrue();
    }

    @Test
    void newOnesOfAnAddressComeAtARateAndOthersAreNotHeldUp() {
        ConnectionRegistry registry = registry(UNLIMITED, UNLIMITED, UNLIMITED, 2);
        assertThat(admitted(registry, "10.0.0.1", 100)).isEqualTo(20);
        assertThat(registry.admit(new From("10.0.0.2"))).isTrue();
        nowMs += 500;
        assertThat(admitted(registry, "10.0.0.1", 100)).isEqualTo(1);
        nowMs += 3_600_000;
        assertThat(admitted(registry, "10.0.0.1", 100)).isEqualTo(20);
    }

    @Test
    void registriesShareWhatTheProcessMayOpen() {
        sockets = new SocketAllowance(2);
        ConnectionRegistry one = registry(10, 10, UNLIMITED, UNLIMITED);
        ConnectionRegistry other = registry(10, 10, UNLIMITED, UNLIMITED);
        From first = new From("10.0.0.1");
        assertThat(one.admit(first)).isTrue();
        assertThat(other.admit(new From("10.0.0.2"))).isTrue();

        assertThat(one.admit(new From("10.0.0.3"))).isFalse();
        assertThat(other.admit(new From("10.0.0.3"))).isFalse();

        var _ = first.close();
        assertThat(other.admit(new From("10.0.0.3"))).isTrue();
    }

    @Test
    void newOnesComeAtARateInAll() {
        ConnectionRegistry registry = registry(UNLIMITED, UNLIMITED, 1, UNLIMITED);
        int admitted = 0;
        for (int i = 0; i < 30; i++) {
            admitted += admitted(registry, "10.0.0." + i, 1);
        }
        assertThat(admitted).isEqualTo(10);
    }

    @Test
    void aClockThatGoesBackGivesNothingAndTakesNothing() {
        ConnectionRegistry registry = registry(UNLIMITED, UNLIMITED, UNLIMITED, 1);
        assertThat(admitted(registry, "10.0.0.1", 20)).isEqualTo(10);
        nowMs -= 500_000;
        assertThat(admitted(registry, "10.0.0.1", 20)).isZero();
        nowMs += 1000;
        assertThat(admitted(registry, "10.0.0.1", 20)).isEqualTo(1);
    }

    @Test
    void addressesThatAreGoneAreForgotten() {
        ConnectionRegistry registry = registry(UNLIMITED, UNLIMITED, UNLIMITED, 1);
        for (int i = 0; i < 60_000; i++) {
            From channel = new From("10.1." + (i >> 8 & 255) + "." + (i & 255));
            assertThat(registry.admit(channel)).isTrue();
            var _ = channel.close();
        }
        assertThat(registry.size()).isZero();
        assertThat(registry.remembered()).isLessThanOrEqualTo(10_001);
    }

    @Test
    void closesThemAll() {
        ConnectionRegistry registry = registry(10, 10, UNLIMITED, UNLIMITED);
        List<From> channels = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            channels.add(new From("10.0.0.1"));
            registry.admit(channels.getLast());
        }
        registry.close();
        assertThat(channels).noneMatch(From::isOpen);
        assertThat(registry.awaitNone(1)).isTrue();
        assertThat(registry.size()).isZero();
    }

    private static int admitted(ConnectionRegistry registry, String address, int attempts) {
        int admitted = 0;
        for (int i = 0; i < attempts; i++) {
            if (registry.admit(new From(address))) {
                admitted++;
            }
        }
        return admitted;
    }
}
