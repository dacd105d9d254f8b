package io.taffrail.cli.start;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, and waits to hear that it serves clients:
 * systemd, with {@code Type=notify} (sd_notify(3)). A message is a datagram to a Unix socket,
 * which the JDK does not offer, so the C library is called. Linux only; this class is loaded only
 * in a process that has the address of such a socket.
 */
final class ServiceManager {

    /** Environment variable with the address of the socket. */
    static final String ADDRESS = "NOTIFY_SOCKET";

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** Size of the path in {@code sockaddr_un}, in bytes. */
    private static final int PATH_BYTES = 108;

    private ServiceManager() {}

    /**
     * Tells the service manager that clients are served now. If that fails, it is logged,
     * and the service manager will end the process when its time-out for starts has passed.
     *
     * @param address
     *            an absolute path, or a name in the abstract namespace after {@code @}
     */
    static void ready(String address) {
        try {
            send(address, "READY=1");
        } catch (IOException e) {
            LOG.warn("STA-002 the service manager was not told that the broker serves clients", e);
        }
    }

    private static void send(String address, String message) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > PATH_BYTES
                || !"/@".contains(address.substring(0, 1))) {
            throw new IOException("not an address of a Unix socket: " + address);
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(Short.BYTES + PATH_BYTES, Short.BYTES);
            to.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, to, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE,
                    message.getBytes(StandardCharsets.UTF_8));
            send(address, text, to, Short.BYTES + path.length);
        }
    }

    private static void send(String address, MemorySegment text, MemorySegment to, int toBytes)
            throws IOException {
        int socket = -1;
        long sent = -1;
        try {
            socket = (int) function("socket", FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (socket >= 0) {
                sent = (long) function("sendto", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                        .invokeExact(socket, text, text.byteSize(), MSG_NOSIGNAL, to, toBytes);
                int closed = (int) function("close",
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                        .invokeExact(socket);
                LOG.debug("notified {}: {} bytes, close {}", address, sent, closed);
            }
        } catch (Throwable e) {
            throw new IOException("the C library cannot be called", e);
        }
        if (sent != text.byteSize()) {
            throw new IOException(
                    (socket < 0
                            ? "no Unix socket can be made"
                            : "nothing can be sent to " + address));
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().find(name).orElseThrow(
                () -> new IllegalStateException("the C library has no function " + name));
        return linker.downcallHandle(address, descriptor);
    }
}
