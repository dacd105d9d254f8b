package io.taffrail.cli.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Size of the terminal on standard output, from the kernel: {@code ioctl(TIOCGWINSZ)} of the C
 * library. Used only where {@code stty} is missing, as in the container image, because linking
 * the call takes a tenth of a second.
 */
final class WindowSize {

    private static final Logger LOG = LoggerFactory.getLogger(WindowSize.class);
    private static final int STANDARD_OUTPUT = 1;
    private static final long TIOCGWINSZ = System.getProperty("os.name", "").equals("Linux")
            ? 0x5413
            : 0x40087468;
    /** Rows, columns, and the size in pixels; each is an unsigned short. */
    private static final int FIELDS = 4;

    private WindowSize() {}

    /** Rows and columns, as {@code stty size} prints them; empty text if there is no terminal. */
    static String read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, FIELDS);
            int result = (int) ioctl().invokeExact(STANDARD_OUTPUT, TIOCGWINSZ, size);
            return result == 0
                    ? Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 0)) + " "
                            + Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1))
                    : "";
        } catch (Throwable e) {
            LOG.debug("ioctl(2) cannot be called", e);
            return "";
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle ioctl() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().find("ioctl").orElseThrow(
                () -> new IllegalStateException("the C library has no function ioctl"));
        return linker.downcallHandle(address,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
    }
}
