package io.taffrail.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {

    private static final int PATIENCE_S = 20;

    @TempDir
    private Path dir;

    /** Completes its future with the first datagram. */
    private static final class Receiver extends SimpleChannelInboundHandler<DomainDatagramPacket> {

        private final CompletableFuture<String> first = new CompletableFuture<>();

        @Override
        protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
            first.complete(packet.content().toString(StandardCharsets.UTF_8));
        }
    }

    private static String received(String bound, String told) throws Exception {
        assumeTrue(Epoll.isAvailable());
        Receiver receiver = new Receiver();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel channel = new Bootstrap().group(loop).channel(EpollDomainDatagramChannel.class)
                    .handler(receiver).bind(new DomainSocketAddress(bound)).sync().channel();
            ServiceManager.ready(told);
            String text = receiver.first.get(PATIENCE_S, TimeUnit.SECONDS);
            channel.close().sync();
            return text;
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void hearsOnAPathThatTheBrokerServes() throws Exception {
        String path = dir.resolve("notify").toString();
        assertThat(received(path, path)).isEqualTo("READY=1");
    }

    @Test
    void hearsInTheAbstractNamespace() throws Exception {
        String name = "taffrail-test-" + ProcessHandle.current().pid();
        assertThat(received("\0" + name, "@" + name)).isEqualTo("READY=1");
    }

    @Test
    void thatNobodyHearsDoesNotEndTheBroker() {
        assertThatCode(() -> {
            ServiceManager.ready(dir.resolve("nobody").toString());
            ServiceManager.ready("no-path");
            ServiceManager.ready("");
            ServiceManager.ready("/" + "x".repeat(200));
        }).doesNotThrowAnyException();
    }
}
