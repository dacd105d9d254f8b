package io.taffrail.log.local;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * An iterator over the batches of sealed segments. Verifies each checksum; every batch is in its
 * own buffer, owned by the caller.
 */
final class BatchIterator implements Iterator<ByteBuffer> {

    private final Iterator<Segment> segments;
    private Segment segment;
    private int position;
    private int limit;

    BatchIterator(List<Segment> sealed) {
        segments = sealed.iterator();
        segment = segments.next();
        limit = segment.sizeBytes();
    }

    @Override
    public boolean hasNext() {
        while (position >= limit && segments.hasNext()) {
            segment = segments.next();
            position = 0;
            limit = segment.sizeBytes();
        }
        return position < limit;
    }

    @Override
    public ByteBuffer next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            ByteBuffer batch = segment.readBatch(position, limit);
            if (!BatchHeader.isWhole(batch, 0, batch.limit())) {
                throw new io.taffrail.log.LogFailedException(
                        "%s is damaged at %d: the checksum is wrong".formatted(segment.path(),
                                position));
            }
            position += batch.limit();
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + segment.path(), e);
        }
    }
}
