package io.taffrail.kafka.net;

import io.taffrail.log.spi.LogSlice;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * A slice of a log as the records of a response. The owner of the response closes the slice exactly
 * once. The connection closes it after the write, or when the response is dropped.
 */
public record SliceRecords(LogSlice slice) implements BaseRecords {

    @Override
    public int sizeInBytes() {
        return slice.sizeBytes();
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("slices are written by ResponseWriter");
    }
}
