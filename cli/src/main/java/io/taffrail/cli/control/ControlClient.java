package io.taffrail.cli.control;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.net.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Client of the control socket of a running broker. */
public final class ControlClient {

    private ControlClient() {}

    /**
     * Sends a request and passes every response line to {@code answers}. Blocks until the broker
     * closes the connection.
     *
     * @throws Failure
     *             if no broker answers, or the broker reports an error
     */
    public static void ask(Path dataDir, Map<String, ?> request, Consumer<Map<?, ?>> answers) {
        Path path = ControlSocket.path(dataDir);
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8);
            out.write(Json.write(request) + "\n");
            out.flush();
            BufferedReader in = new BufferedReader(
                    Channels.newReader(connection, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (Json.read(line) instanceof Map<?, ?> answer) {
                    if (answer.get("error") instanceof Map<?, ?> error) {
                        throw new Failure(ExitCode.named(String.valueOf(error.get("code"))),
                                String.valueOf(error.get("message")));
                    }
                    answers.accept(answer);
                }
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.UNREACHABLE, "no running broker answers at " + path
                    + ": " + e.getMessage(), e);
        }
    }
}
