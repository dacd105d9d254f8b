package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The eight-byte protocol header that a client sends first (AMQP 0-9-1 §4.2.2). */
final class ProtocolHeader {

    static final int BYTES = 8;
    private static final byte[] OURS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int VERSION_0_9_1 = 0x00000901;
    /** Headers of AMQP 0-9 and 0-8; their clients are accepted as 0-9-1 clients, as in RabbitMQ. */
    private static final int VERSION_0_9 = 0x01010009;
    private static final int VERSION_0_8 = 0x01010800;

    private ProtocolHeader() {}

    /**
     * Reads eight bytes; returns true if the header is accepted, otherwise {@link #ours} is sent.
     */
    static boolean isAccepted(ByteBuf bytes) {
        String name = bytes.readString(4, StandardCharsets.ISO_8859_1);
        int version = bytes.readInt();
        return name.equals("AMQP") && (version == VERSION_0_9_1 || version == VERSION_0_9
                || version == VERSION_0_8);
    }

    /** Header sent to a client of another protocol before its socket is closed. */
    static byte[] ours() {
        return OURS.clone();
    }
}
