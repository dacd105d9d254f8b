package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.log.spi.LogSlice;

/** A slice in memory on its way to a socket; it is closed after the write. */
record HeldBuffer(ByteBuf buffer, LogSlice slice) {}
