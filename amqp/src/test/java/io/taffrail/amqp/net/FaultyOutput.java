package io.taffrail.amqp.net;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.taffrail.amqp.output.FrameOutput;
import java.lang.StackWalker.StackFrame;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A buffer allocator for a connection that throws when one chosen callback adds output.
 * Safe for any thread.
 */
final class FaultyOutput extends AbstractByteBufAllocator {

    /**
     * A fault.
     *
     * @param callback
     *            simple class name, {@code #} and method name
     */
    private record Fault(String callback, Supplier<? extends Throwable> thrown) {}

    private final AtomicInteger thrown = new AtomicInteger();
    private volatile Fault fault = new Fault("", AssertionError::new);

    FaultyOutput() {
        super(true);
    }

    /** Throws {@code error} in this callback from now on. */
    void in(String callback, Supplier<? extends Throwable> error) {
        fault = new Fault(callback, error);
    }

    /** Number of faults thrown. */
    int thrown() {
        return thrown.get();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        Fault current = fault;
        if (!current.callback.isEmpty() && StackWalker.getInstance().walk(frames -> {
            var all = frames.toList();
            return isIn(all, FrameOutput.class.getSimpleName() + "#room")
                    && isIn(all, current.callback);
        })) {
            thrown.incrementAndGet();
            sneakily(current.thrown.get());
        }
        return PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    }

    private static boolean isIn(java.util.List<StackFrame> frames, String callback) {
        int at = callback.indexOf('#');
        String type = "." + callback.substring(0, at);
        String method = callback.substring(at + 1);
        return frames.stream().anyMatch(frame -> (frame.getClassName().endsWith(type)
                || frame.getClassName().contains(type + "$"))
                && (frame.getMethodName().equals(method)
                        || frame.getMethodName().startsWith("lambda$" + method + "$")));
    }

    private static void sneakily(Throwable error) {
        switch (error) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalArgumentException(error);
        }
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
