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
 * Encoder of one response:
 *
 * <pre>
 * i32 size | response header | body
 * </pre>
 *
 * It writes into one buffer of exactly the size needed. Records that are not copied go between
 * slices of that buffer.
 */
final class ResponseWriter {

    /** Maximum bytes of records copied into the buffer of one response. */
    static final int COPY_LIMIT_BYTES = 1 << 20;

    private final RequestHeader request;
    private final ApiMessage body;
    private final short version;
    private final short headerVersion;
    private final ResponseHeaderData header;
    private final ObjectSerializationCache cache = new ObjectSerializationCache();
    private final int totalBytes;
    private final int bufferBytes;

    /**
     * Computes the size of a response. The caller owns the response's slices until {@link #encode}.
     */
    ResponseWriter(RequestHeader request, ApiMessage body) {
        this.request = request;
        this.body = body;
        // A request with an unknown version of ApiVersions is answered with version 0.
        this.version = request.isApiVersionSupported() ? request.apiVersion() : 0;
        this.headerVersion = request.apiKey().responseHeaderVersion(version);
        this.header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        this.totalBytes = size.totalSize();
        this.bufferBytes = Integer.BYTES + totalBytes - splicedBytes(body);
    }

    /** Whether the response is of the given class. */
    boolean is(Class<? extends ApiMessage> kind) {
        return kind.isInstance(body);
    }

    /** Memory in bytes that the response takes until it is written. */
    int bufferBytes() {
        return bufferBytes;
    }

    /**
     * Encodes the response and returns its parts in order. The caller owns their slices and
     * buffers. If this method throws, the slices are closed.
     */
    List<Object> encode(ByteBufAllocator allocator) {
        List<Object> parts = new ArrayList<>(3);
        SplicingWritable out = null;
        ByteBuf buffer = null;
        try {
            buffer = allocator.directBuffer(bufferBytes, bufferBytes);
            out = new SplicingWritable(buffer, parts, new CopyPlan(COPY_LIMIT_BYTES));
            out.writeInt(totalBytes);
            header.write(out, cache, headerVersion);
            body.write(out, cache, version);
        } catch (Throwable e) {
            parts.forEach(ResponseWriter::release);
            if (buffer != null) {
                buffer.release();
            }
            discard(body, out == null ? 0 : out.recordsBegun());
            throw e;
        }
        out.finish();
        return parts;
    }

    @Override
    public String toString() {
        return "the response to " + request;
    }

    /** Releases a part that will not be written. */
    static void release(Object part) {
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
        CopyPlan plan = new CopyPlan(COPY_LIMIT_BYTES);
        forEachRecords(body, records -> {
            if (records instanceof SliceRecords(LogSlice slice) && !plan.copied(slice)) {
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
