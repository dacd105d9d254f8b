package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/**
 * The payload of a content header frame (AMQP 0-9-1 §4.2.6.1):
 *
 * <pre>
 * u16 class | u16 weight | u64 body size | u16 property flags | properties
 * </pre>
 */
public final class ContentHeader {

    private static final String FORMS = "ssFBBssssTssss";
    private static final int FIRST_FLAG = 0x8000;
    private static final int NO_PROPERTY = 3;

    private ContentHeader() {}

    /**
     * Reads the header up to the property flags and checks the property section,
     * which starts there.
     *
     * @param payload
     *            afterwards, its reader index is at the property flags
     * @return size of the body in bytes, unsigned
     * @throws AmqpException
     *             505 if the class is not basic; 501, 502 or 541 if the header is malformed
     */
    public static long bodyBytes(ByteBuf payload) {
        try {
            int classId = payload.readUnsignedShort();
            payload.skipBytes(2);
            long bodyBytes = payload.readLong();
            check(payload);
            if (classId != BasicMethod.CLASS_ID) {
                throw new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                        "expected content header for class 60, got one for class " + classId
                                + " instead");
            }
            return bodyBytes;
        } catch (IndexOutOfBoundsException e) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "a content header ends before its properties", e);
        }
    }

    private static void check(ByteBuf in) {
        int at = in.readerIndex() + 2;
        int flags = in.getUnsignedShort(in.readerIndex());
        if ((flags & NO_PROPERTY) != 0) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "a content header has flags of properties there are not");
        }
        for (int i = 0; i < FORMS.length(); i++) {
            if ((flags & FIRST_FLAG >> i) != 0) {
                at = end(in, at, FORMS.charAt(i));
            }
        }
        if (at != in.writerIndex()) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "a content header is not as long as its properties");
        }
    }

    private static int end(ByteBuf in, int at, char form) {
        return switch (form) {
            case 's' -> at + 1 + in.getUnsignedByte(at);
            case 'F' -> {
                long end = at + 4 + in.getUnsignedInt(at);
                if (end > in.writerIndex()) {
                    throw new IndexOutOfBoundsException("headers of " + (end - at) + " bytes");
                }
                FieldCheck.table(in, at + 4, (int) end - at - 4);
                yield (int) end;
            }
            case 'B' -> at + 1;
            default -> at + 8;
        };
    }
}
