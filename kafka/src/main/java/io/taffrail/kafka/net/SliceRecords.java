package io.taffrail.kafka.net;

import io.taffrail.log.spi.LogSlice;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * A slice of a log as the records of a response. Whoever holds the response closes the slice once;
 * the connection does so after writing, or when there is nobody left to write to.
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
