package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.log.spi.LogSlice;

/** A slice in memory that is being written to a socket. The slice is closed after the write. */
record HeldBuffer(ByteBuf buffer, LogSlice slice) {}
