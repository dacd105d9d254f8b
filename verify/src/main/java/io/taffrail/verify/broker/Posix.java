package io.taffrail.verify.broker;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Calls of the C library that Java does not offer, for Linux and macOS. */
public final class Posix {

    /**
     * Signal numbers. Those of KILL and TERM are the same on both systems;
     * those of STOP and CONT differ.
     */
    public static final int SIGKILL = 9;

    public static final int SIGTERM = 15;

    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");
    public static final int SIGSTOP = LINUX ? 19 : 17;
    public static final int SIGCONT = LINUX ? 18 : 19;

    private static final int O_RDONLY = 0;

    private static final MethodHandle KILL = function("kill", FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = function("ioctl", FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Posix() {}

    /**
     * Links the native calls in advance, because this takes a tenth of a second and would delay
     * the first fault. Returns false if signals cannot be sent.
     */
    public static boolean prepare() {
        return signal(ProcessHandle.current().pid(), 0);
    }

    /** Sends a signal; returns false if the process does not exist or must not be signalled. */
    public static boolean signal(long pid, int signal) {
        try {
            return (int) KILL.invokeExact((int) pid, signal) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("kill(2) cannot be called", e);
        }
    }

    /**
     * Calls {@code ioctl(2)} on a file or directory, with a pointer to an unsigned 32-bit number.
     *
     * @return true if the call succeeded
     */
    public static boolean ioctl(Path path, long request, int argument) {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), O_RDONLY);
            if (file < 0) {
                return false;
            }
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, argument);
            int result = (int) IOCTL.invokeExact(file, request, number);
            int closed = (int) CLOSE.invokeExact(file);
            return result == 0 && closed == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl(2) cannot be called", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor,
            Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().find(name).orElseThrow(
                () -> new IllegalStateException("the C library has no function " + name));
        return linker.downcallHandle(address, descriptor, options);
    }
}
