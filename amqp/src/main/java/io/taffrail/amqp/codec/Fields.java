package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.Table;

/** Reads and writes field tables, {@code u32 length | entries}; entries are kept byte for byte. */
final class Fields {

    private Fields() {}

    static Table table(ByteBuf in) {
        int length = Wire.length(in);
        FieldCheck.table(in, in.readerIndex(), length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return Table.of(bytes);
    }

    static void table(ByteBuf out, Table table) {
        Wire.longBytes(out, table.bytes());
    }
}
