package io.taffrail.simulation.amqp;

import io.taffrail.simulation.network.Wire;
import io.taffrail.simulation.world.Violation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: performs the handshake, then splits the received bytes into
 * methods and messages.
 */
final class AmqpLink implements Wire.Client {

    static final int CONNECTION = 10;
    static final int CHANNEL = 20;
    static final int QUEUE = 50;
    static final int BASIC = 60;
    static final int CONFIRM = 85;
    private static final int INTERNAL_ERROR = 541;

    /** Callbacks of a client. */
    interface Hears {

        void opened();

        /** Receives a method that is not part of a delivery. */
        void method(int channel, int type, int id, ByteBuffer arguments);

        void delivered(int channel, long tag, boolean redelivered, byte[] body);

        void lost();
    }

    private final AmqpMachine machine;
    private final Wire wire;
    private final Hears hears;
    private final int heartbeatSeconds;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable ByteBuffer delivery;
    private long missing;
    private boolean open;
    private boolean over;

    AmqpLink(AmqpMachine machine, Hears hears, int heartbeatSeconds) {
        this.machine = machine;
        this.hears = hears;
        this.heartbeatSeconds = heartbeatSeconds;
        this.wire = machine.connect(this);
        wire.send(Frames.protocol());
    }

    boolean isOpen() {
        return open && !over && wire.isOpen();
    }

    /** True if the server no longer reads from the connection. */
    boolean isGone() {
        return wire.isGone();
    }

    boolean isOver() {
        return over;
    }

    void cut() {
        machine.trace().event("cut", "", wire.underWay(), 0);
        wire.cut();
    }

    void send(byte[] bytes) {
        wire.send(bytes);
    }

    void method(int channel, int type, int id, Frames.Arguments arguments) {
        wire.send(Frames.method(channel, type, id, arguments));
    }

    @Override
    public void received(byte[] bytes) {
        if (over || machine.isOver()) {
            return;
        }
        received.writeBytes(bytes);
        ByteBuffer all = ByteBuffer.wrap(received.toByteArray());
        while (!over && all.remaining() >= 8
                && all.remaining() >= 8 + all.getInt(all.position() + 3)) {
            int type = all.get();
            int channel = all.getShort();
            int size = all.getInt();
            ByteBuffer payload = all.slice(all.position(), size);
            all.position(all.position() + size);
            if (all.get() != (byte) 0xCE) {
                throw new Violation("frames are whole", "type " + type);
            }
            frame(type, channel, payload);
        }
        received.reset();
        received.write(all.array(), all.position(), all.remaining());
    }

    private void frame(int type, int channel, ByteBuffer payload) {
        switch (type) {
            case 1 -> method(channel, payload.getShort(), payload.getShort(), payload);
            case 2 -> {
                missing = payload.getLong(4);
                body.reset();
                delivered(channel);
            }
            case 3 -> {
                missing -= payload.remaining();
                body.write(payload.array(), payload.arrayOffset() + payload.position(),
                        payload.remaining());
                delivered(channel);
            }
            default -> machine.trace().event("heartbeat", "", 0, 0);
        }
    }

    private void method(int channel, int type, int id, ByteBuffer arguments) {
        machine.trace().event("method", type + "." + id, channel, arguments.remaining());
        if (type == BASIC && id == 60) {
            delivery = arguments;
        } else if (type != CONNECTION) {
            hears.method(channel, type, id, arguments);
        } else {
            connection(id, arguments);
        }
    }

    private void connection(int id, ByteBuffer arguments) {
        switch (id) {
            case 10 -> method(0, CONNECTION, 11, out -> {
                out.writeInt(0);
                Frames.shortText(out, "PLAIN");
                Frames.longText(out, "\0guest\0guest");
                Frames.shortText(out, "en_US");
            });
            case 30 -> {
                int channels = arguments.getShort();
                int frame = arguments.getInt();
                method(0, CONNECTION, 31, out -> {
                    out.writeShort(channels);
                    out.writeInt(frame);
                    out.writeShort(heartbeatSeconds);
                });
                method(0, CONNECTION, 40, out -> {
                    Frames.shortText(out, "/");
                    Frames.shortText(out, "");
                    out.writeByte(0);
                });
            }
            case 41 -> {
                open = true;
                hears.opened();
            }
            case 50 -> closed(arguments.getShort(), text(arguments));
            default -> machine.trace().event("ignored", "", id, 0);
        }
    }

    /** Checks a {@code connection.close}: only a storage failure may cause it. */
    private void closed(int code, String reason) {
        boolean caused = machine.disk().hasFailed() || machine.disk().hasBeenFull();
        if (code != INTERNAL_ERROR || !caused) {
            throw new Violation("a connection is not closed without cause", code + " " + reason);
        }
        cut();
        lost();
    }

    /** Reads a short string. */
    static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.get() & 0xFF];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void delivered(int channel) {
        ByteBuffer method = delivery;
        if (missing > 0 || method == null) {
            return;
        }
        delivery = null;
        String consumer = text(method);
        long tag = method.getLong();
        boolean redelivered = method.get() != 0;
        machine.trace().event("delivered", consumer, tag, redelivered ? 1 : 0);
        hears.delivered(channel, tag, redelivered, body.toByteArray());
    }

    @Override
    public void lost() {
        if (!over && !machine.isOver()) {
            over = true;
            hears.lost();
        }
    }
}
