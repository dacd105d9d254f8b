package io.taffrail.cli.control;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.log.guard.FailStop;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unix domain socket in the data directory for control commands: the request is one line of JSON,
 * the response is any number of lines, the last one
 * <code>{"error":{"code":"not_found","message":"…"}}</code> if the request fails. Its directory is
 * accessible to the owner only.
 * Each connection is served by a virtual thread; at most {@link #MOST_CONNECTIONS} at a time.
 * A connection is closed when its client neither sends its request nor reads the response for ten
 * seconds.
 */
public final class ControlSocket implements AutoCloseable {

    static final int MOST_CONNECTIONS = 8;
    /** Maximum length of a request, in characters. */
    public static final int LINE_CHARS = 512 << 10;
    /** Time for which a client may keep its connection waiting. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Pause after a failed accept, in nanoseconds. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    /** Handles requests. */
    public interface Handler {

        /**
         * Handles one request, on a virtual thread.
         *
         * @param answer
         *            sends an object to the client; throws {@link UncheckedIOException} if
         *            the client has disconnected
         */
        void handle(Map<?, ?> request, Consumer<Map<String, ?>> answer) throws IOException;
    }

    private final Path path;
    private final ServerSocketChannel server;
    private final Handler handler;
    private final Duration patience;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);

    private ControlSocket(Path path, ServerSocketChannel server, Handler handler,
            Duration patience) {
        this.patience = patience;
        this.path = path;
        this.server = server;
        this.handler = handler;
    }

    /** Path of the socket in a data directory. */
    public static Path path(Path dataDir) {
        return dataDir.resolve("control").resolve("socket");
    }

    /**
     * Opens the socket. This process must hold the lock of the data directory:
     * a stale socket is replaced.
     */
    public static ControlSocket open(Path dataDir, Handler handler) throws IOException {
        return open(dataDir, handler, PATIENCE);
    }

    static ControlSocket open(Path dataDir, Handler handler, Duration patience)
            throws IOException {
        Path path = path(dataDir);
        Path folder = dataDir.resolve("control");
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        ControlSocket socket = new ControlSocket(path, server, handler, patience);
        Thread.ofVirtual().name("taffrail-control").start(socket::accept);
        return socket;
    }

    private void accept() {
        boolean failing = false;
        while (true) {
            try {
                SocketChannel connection = server.accept();
                failing = false;
                if (connections.tryAcquire()) {
                    Thread.ofVirtual().name("taffrail-control").start(() -> serve(connection));
                } else {
                    connection.close();
                }
            } catch (ClosedChannelException e) {
                LOG.debug("the control socket is closed", e);
                return;
            } catch (IOException e) {
                // The most likely cause is that the process is out of file descriptors.
                if (!failing) {
                    LOG.warn("CTL-001 commands at {} are not taken for now: {}", path,
                            e.toString());
                }
                failing = true;
                LockSupport.parkNanos(this, RETRY_NS);
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                Patience waits = new Patience(connection, patience);
                Reader in = Channels.newReader(connection, StandardCharsets.UTF_8);
                Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
            answer(new BufferedReader(in), waits, object -> {
                waits.begin();
                write(out, object);
                waits.end();
            });
        } catch (ClosedChannelException e) {
            LOG.debug("the asker has gone", e);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a command was not answered", e);
        } finally {
            connections.release();
        }
    }

    private void answer(BufferedReader in, Patience waits, Consumer<Map<String, ?>> answer)
            throws IOException {
        try {
            String line = line(in);
            waits.end();
            if (Json.read(line) instanceof Map<?, ?> request) {
                handler.handle(request, answer);
            } else {
                answer.accept(error(ExitCode.USAGE, "expected an object"));
            }
        } catch (RequestException e) {
            answer.accept(error(e.exitCode(), e.getMessage()));
        } catch (JsonException | IllegalArgumentException e) {
            answer.accept(error(ExitCode.USAGE, e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            FailStop.check(e);
            LOG.error("CTL-003 a command failed", e);
            answer.accept(error(ExitCode.FAILURE, "the broker failed at it: " + e));
        }
    }

    private static Map<String, ?> error(int code, @Nullable String message) {
        return Map.of("error",
                Map.of("code", ExitCode.name(code), "message", String.valueOf(message)));
    }

    private static String line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == LINE_CHARS) {
                throw new JsonException("the line is too long");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private static void write(Writer out, Map<String, ?> object) {
        try {
            Json.write(object, out);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
