package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.taffrail.log.spi.LogSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Turns a response into what is written to the socket:
 *
 * <pre>
 * i32 size | response header | body
 * </pre>
 *
 * in one buffer of exactly that size, records that are not copied lying between its parts.
 */
final class ResponseWriter {

    private ResponseWriter() {}

    /** The parts in order; their slices and buffers now belong to the caller. */
    static List<Object> encode(RequestHeader request, ApiMessage body, ByteBufAllocator allocator) {
        // An unknown version of ApiVersions is answered with version 0.
        short version = request.isApiVersionSupported() ? request.apiVersion() : 0;
        short headerVersion = request.apiKey().responseHeaderVersion(version);
        ResponseHeaderData header = new ResponseHeaderData()
                .setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        int inBuffer = Integer.BYTES + size.totalSize() - splicedBytes(body);

        List<Object> parts = new ArrayList<>(3);
        ByteBuf buffer = allocator.directBuffer(inBuffer, inBuffer);
        SplicingWritable out = new SplicingWritable(buffer, parts);
        try {
            out.writeInt(size.totalSize());
            header.write(out, cache, headerVersion);
            body.write(out, cache, version);
        } catch (RuntimeException e) {
            parts.forEach(ResponseWriter::release);
            buffer.release();
            discard(body, out.recordsBegun());
            throw e;
        }
        out.finish();
        return parts;
    }

    private static void release(Object part) {
        if (part instanceof HeldBuffer held) {
            held.slice().close();
        } else {
            ReferenceCountUtil.release(part);
        }
    }

    /** Closes the slices of a response that will not be written. */
    static void discard(ApiMessage body) {
        discard(body, 0);
    }

    /** Closes the slices after the first {@code begun} records. */
    private static void discard(ApiMessage body, int begun) {
        int[] seen = new int[1];
        forEachRecords(body, records -> {
            if (seen[0]++ >= begun && records instanceof SliceRecords(LogSlice slice)) {
                slice.close();
            }
        });
    }

    private static int splicedBytes(ApiMessage body) {
        int[] bytes = new int[1];
        forEachRecords(body, records -> {
            if (records instanceof SliceRecords(LogSlice slice)
                    && SplicingWritable.spliced(slice)) {
                bytes[0] += slice.sizeBytes();
            }
        });
        return bytes[0];
    }

    private static void forEachRecords(ApiMessage body, Consumer<BaseRecords> action) {
        if (!(body instanceof FetchResponseData fetch)) {
            return;
        }
        for (FetchableTopicResponse topic : fetch.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() != null) {
                    action.accept(partition.records());
                }
            }
        }
    }
}
