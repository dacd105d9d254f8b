package io.taffrail.simulation.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Scheduler;
import java.util.function.Consumer;

/**
 * A connection between a simulated client and a head. Bytes arrive in order, in pieces of
 * any size and with random delays. The connection may be cut at any byte; each end notices at
 * a different time.
 */
public final class Wire {

    /** Callbacks of the client; never called while it sends. */
    public interface Client {

        /** Receives bytes. */
        void received(byte[] bytes);

        /** The connection is lost. */
        void lost();
    }

    /** Write-buffer marks of the Kafka head. */
    public static final WriteBufferWaterMark KAFKA = new WriteBufferWaterMark(256 << 10, 1 << 20);
    /** Write-buffer marks of the AMQP head. */
    public static final WriteBufferWaterMark AMQP = new WriteBufferWaterMark(128 << 10, 512 << 10);
    private static final int ROOM = 48 << 10;

    private final Scheduler scheduler;
    private final SimEventLoop loop;
    private final Dice dice;
    private final int slownessMs;
    private final Client client;
    private final SimSocket socket;
    private final Pipe toServer = new Pipe();
    private final Pipe toClient = new Pipe();
    /** Bytes that arrived and were not read yet. */
    private final Pipe arrived = new Pipe();
    private boolean serverMoves;
    private boolean clientMoves;
    private boolean cut;
    private boolean serverClosed;
    private boolean clientTold;

    /**
     * Connects.
     *
     * @param slownessMs
     *            longest delay of a piece, in milliseconds
     * @param accept
     *            sets up the head's side, as a listening socket does
     */
    public Wire(SimEventLoop loop, Dice dice, int number, int slownessMs,
            WriteBufferWaterMark marks, Client client, Consumer<Channel> accept) {
        this.scheduler = loop.scheduler();
        this.loop = loop;
        this.dice = dice;
        this.slownessMs = slownessMs;
        this.client = client;
        this.socket = new SimSocket(this, number, marks);
        loop.execute(() -> {
            socket.pipeline().addLast(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    accept.accept(channel);
                }
            });
            var _ = loop.register(socket);
        });
    }

    /** Sends bytes from the client. */
    public void send(byte[] bytes) {
        if (!cut) {
            toServer.add(bytes, 0, bytes.length);
            moveToServer();
        }
    }

    /** True if the client can still send. */
    public boolean isOpen() {
        return !cut && !serverClosed;
    }

    /** True if the server has closed its end. */
    public boolean isGone() {
        return serverClosed;
    }

    /** Number of bytes sent by the client that have not arrived. */
    public int underWay() {
        return toServer.size();
    }

    /**
     * Cuts the connection: some of the client's bytes in transit still arrive, none
     * of the server's.
     */
    public void cut() {
        if (cut) {
            return;
        }
        cut = true;
        toServer.keep(dice.below(toServer.size() + 1));
        toClient.keep(0);
        moveToServer();
        tellClient();
    }

    private void tellClient() {
        if (!clientTold) {
            clientTold = true;
            scheduler.after(1 + dice.below(slownessMs + 1), client::lost);
        }
    }

    private void moveToServer() {
        if (serverMoves) {
            return;
        }
        serverMoves = true;
        scheduler.after(delay(), () -> loop.execute(() -> {
            serverMoves = false;
            if (toServer.size() > 0) {
                int piece = piece(toServer.size());
                arrived.add(toServer.take(piece), 0, piece);
            }
            socket.readable();
            if (toServer.size() > 0
                    || (cut && arrived.size() > 0 && !serverClosed
                            && socket.config().isAutoRead())) {
                moveToServer();
            } else if (cut) {
                scheduler.after(delay(), () -> loop.execute(socket::lost));
            }
        }));
    }

    private int piece(int size) {
        return switch (dice.below(4)) {
            case 0 -> 1 + dice.below(Math.min(size, 8));
            case 1 -> 1 + dice.below(size);
            default -> size;
        };
    }

    private int delay() {
        return dice.oneIn(3) ? 1 : 1 + dice.below(slownessMs + 1);
    }

    /** Moves arrived bytes into a buffer, as far as it has room. */
    void takeArrived(ByteBuf into) {
        int most = Math.min(arrived.size(), into.writableBytes());
        if (most > 0) {
            into.writeBytes(arrived.take(most));
        }
    }

    boolean hasArrived() {
        return arrived.size() > 0;
    }

    void wantsToRead() {
        if (arrived.size() > 0) {
            moveToServer();
        }
    }

    /** Number of bytes that the server may write now. */
    int room() {
        return Math.max(0, ROOM - toClient.size());
    }

    void send(ByteBuf bytes, int count) {
        byte[] copy = new byte[count];
        bytes.readBytes(copy);
        if (!cut) {
            toClient.add(copy, 0, count);
            moveToClient();
        }
    }

    private void moveToClient() {
        if (clientMoves) {
            return;
        }
        clientMoves = true;
        scheduler.after(delay(), () -> {
            clientMoves = false;
            if (toClient.size() > 0) {
                boolean full = room() == 0;
                client.received(toClient.take(piece(toClient.size())));
                if (full) {
                    loop.execute(socket::writable);
                }
            }
            if (toClient.size() > 0) {
                moveToClient();
            } else if (serverClosed) {
                tellClient();
            }
        });
    }

    void closedByServer() {
        serverClosed = true;
        moveToClient();
    }
}
