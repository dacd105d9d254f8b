package io.taffrail.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.user.Access;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.HttpHead;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.session.Sessions;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private static final int MOST_BODY = 1000;
    private static final int TIMEOUT_MS = 700;
    private static final int LARGE = 20 << 20;
    private static final String MARIA = "Authorization: Basic " + Base64.getEncoder()
            .encodeToString("maria:wonder".getBytes(StandardCharsets.UTF_8)) + "\r\n";

    /** One user without the tag administrator. */
    private static final Authenticator USERS = new Authenticator() {
        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            return credentials.user().equals("maria") && credentials.password().equals("wonder");
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.empty();
        }

        @Override
        public Set<String> tags(String user) {
            return Set.of("management");
        }
    };

    private static final Sessions SESSIONS = new Sessions(USERS, InstantSource.system());

    private final CompletableFuture<Throwable> brokenOff = new CompletableFuture<>();
    private final EventLoops loops = EventLoops.start(1);
    private final HttpHead head = HttpHead.start(config(), routes(), loops,
            new Logins(USERS, Runnable::run, System::nanoTime), SESSIONS).orElseThrow();

    private static HttpConfig config() {
        return new HttpConfig(true, Optional.of(new HostPort("127.0.0.1", 0)), 10, 10, 1000, 1000,
                MOST_BODY, 4, TIMEOUT_MS);
    }

    private HttpRoutes routes() {
        return new HttpRoutes()
                .on("POST", "/echo", HttpTag.MANAGEMENT, HttpServerTest::echo)
                .on("GET", "/large", HttpTag.ANYBODY, _ -> large())
                .on("GET", "/fails", HttpTag.MANAGEMENT, _ -> {
                    throw new IOException("a secret of the broker");
                })
                .on("GET", "/admin", HttpTag.ADMINISTRATOR, _ -> HttpAnswer.empty(204));
    }

    private static HttpAnswer echo(HttpCall call) {
        return HttpAnswer.text("text/plain", new String(call.body(), StandardCharsets.UTF_8));
    }

    private HttpAnswer large() {
        return new HttpAnswer(200, "text/plain", java.util.Map.of(), out -> {
            try {
                out.write(new byte[LARGE]);
            } catch (IOException e) {
                brokenOff.complete(e);
                throw e;
            }
        });
    }

    @AfterEach
    void nothingIsHeld() {
        head.close();
        assertThat(loops.memory().chargedBytes()).isZero();
        loops.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(head.address().getAddress(), head.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends a request and reads until the broker closes the connection. */
    private String answer(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInOrder() throws IOException {
        String first = "POST /echo HTTP/1.1\r\n" + MARIA + "Content-Length: 3\r\n\r\none";
        String second = "POST /echo HTTP/1.1\r\n" + MARIA
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\ntwo\r\n0\r\n\r\n";

        assertThat(answer(first + second)).containsSubsequence("200 OK", "one", "200 OK", "two");
    }

    @Test
    void nobodyGetsAnythingWithoutAPassword() throws IOException {
        assertThat(answer("GET /admin HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401").containsIgnoringCase(
                        "www-authenticate: Basic realm=\"RabbitMQ Management\"");
        assertThat(answer("GET /nope HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(answer("GET /admin HTTP/1.1\r\n" + MARIA + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401").contains("Not administrator user");
    }

    @Test
    void aBodyIsNotReadBeforeTheLogin() throws IOException {
        assertThat(answer("POST /echo HTTP/1.1\r\nContent-Length: 900\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(answer("POST /echo HTTP/1.1\r\nContent-Length: 5000\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(answer("POST /echo HTTP/1.1\r\n" + MARIA
                + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + "x".repeat(2000)))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void oversizedHeadsAreRefused() throws IOException {
        assertThat(answer("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 414");
        assertThat(answer("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(answer("GET /%zz HTTP/1.1\r\n" + MARIA + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void aFailureShowsNothingOfTheBroker() throws IOException {
        assertThat(answer("GET /fails HTTP/1.1\r\n" + MARIA + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 500").doesNotContain("secret");
    }

    @Test
    void aClientThatDoesNotReadIsDisconnected() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /large HTTP/1.1\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));

            assertThat(brokenOff.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLargeAnswerArrivesWhole() throws IOException {
        String all = answer("GET /large HTTP/1.0\r\n\r\n");

        assertThat(all.substring(all.indexOf("\r\n\r\n") + 4)).hasSize(LARGE);
    }

    @Test
    void aClientThatSendsNothingIsDisconnected() throws IOException {
        assertThat(answer("")).isEmpty();
        assertThat(answer("POST /echo HTTP/1.1\r\n" + MARIA + "Content-Length: 5\r\n\r\nab"))
                .isEmpty();
    }
}
