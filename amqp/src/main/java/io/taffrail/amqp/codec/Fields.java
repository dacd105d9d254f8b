package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.FieldTable;

/** Reads and writes field tables, {@code u32 length | entries}; entries are kept byte for byte. */
final class Fields {

    private Fields() {}

    static FieldTable table(ByteBuf in) {
        int length = WireTypes.length(in);
        FieldCheck.table(in, in.readerIndex(), length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return FieldTable.of(bytes);
    }

    static void table(ByteBuf out, FieldTable table) {
        WireTypes.longBytes(out, table.bytes());
    }
}
