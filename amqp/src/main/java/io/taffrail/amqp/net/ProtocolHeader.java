package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The eight bytes a client begins with (AMQP 0-9-1 §4.2.2). */
final class ProtocolHeader {

    static final int BYTES = 8;
    private static final byte[] OURS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int VERSION_0_9_1 = 0x00000901;
    /** Headers of 0-9 and 0-8, whose clients speak 0-9-1 well enough. */
    private static final int VERSION_0_9 = 0x01010009;
    private static final int VERSION_0_8 = 0x01010800;

    private ProtocolHeader() {}

    /** Whether it is one to answer; otherwise the client is told {@link #ours}. */
    static boolean isAccepted(ByteBuf bytes) {
        String name = bytes.readString(4, StandardCharsets.ISO_8859_1);
        int version = bytes.readInt();
        return name.equals("AMQP") && (version == VERSION_0_9_1 || version == VERSION_0_9
                || version == VERSION_0_8);
    }

    /** What a client of another protocol is told before it is closed. */
    static byte[] ours() {
        return OURS.clone();
    }
}
