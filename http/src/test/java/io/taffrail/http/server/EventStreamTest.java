package io.taffrail.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.user.Access;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.HttpHead;
import io.taffrail.http.route.EventSink;
import io.taffrail.http.route.EventStream;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.route.LaterAnswer;
import io.taffrail.http.route.ServerEvent;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of events and answers that are not yet known, with one place for requests. */
class EventStreamTest {

    private static final Authenticator NOBODY = new Authenticator() {
        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            return false;
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.empty();
        }
    };

    private final BlockingQueue<EventSink> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<EventSink> closed = new LinkedBlockingQueue<>();
    private final CompletableFuture<HttpAnswer> later = new CompletableFuture<>();
    private final EventLoops loops = EventLoops.start(1);
    private final HttpHead head = HttpHead.start(config(), routes(), loops,
            new Logins(NOBODY, Runnable::run, System::nanoTime)).orElseThrow();

    private static HttpConfig config() {
        return new HttpConfig(true, Optional.of(new HostPort("127.0.0.1", 0)), 10, 10, 1000, 1000,
                1000, 1, 20_000);
    }

    private HttpRoutes routes() {
        return new HttpRoutes()
                .on("GET", "/events", HttpTag.ANYBODY, _ -> new EventStream(sink -> {
                    opened.add(sink);
                    return () -> closed.add(sink);
                }))
                .on("GET", "/broken", HttpTag.ANYBODY, _ -> new EventStream(_ -> {
                    throw new IllegalStateException("no events");
                }))
                .on("GET", "/later", HttpTag.ANYBODY, _ -> new LaterAnswer(later))
                .on("GET", "/now", HttpTag.ANYBODY, _ -> HttpAnswer.text("text/plain", "now"));
    }

    @AfterEach
    void stop() {
        head.close();
        assertThat(loops.memory().chargedBytes()).isZero();
        loops.close();
    }

    private Socket ask(String request) throws IOException {
        Socket socket = new Socket(head.address().getAddress(), head.address().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private EventSink sink() throws InterruptedException {
        return java.util.Objects.requireNonNull(opened.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void eventsArriveInOrderUntilTheStreamEnds() throws Exception {
        try (Socket socket = ask("GET /events HTTP/1.1")) {
            EventSink sink = sink();
            sink.send(new ServerEvent("7", "state", "{\"n\":1}"));
            sink.send(new ServerEvent("", "", "two\nlines"));
            sink.end();

            assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK")
                    .containsIgnoringCase("content-type: text/event-stream")
                    .containsSubsequence("id: 7\nevent: state\ndata: {\"n\":1}\n\n",
                            "data: two\ndata: lines\n\n", "\r\n0\r\n\r\n");
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isSameAs(sink);
            assertThat(sink.send(new ServerEvent("", "", "late"))).isFalse();
        }
    }

    @Test
    void openStreamsOccupyNoPlaceOfRequests() throws Exception {
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            streams.add(ask("GET /events HTTP/1.1"));
            sink();
        }
        try (Socket waiting = ask("GET /later HTTP/1.1\r\nConnection: close");
                Socket now = ask("GET /now HTTP/1.1\r\nConnection: close")) {
            assertThat(rest(now)).endsWith("now");

            later.complete(HttpAnswer.text("text/plain", "later"));
            assertThat(rest(waiting)).endsWith("later");
        }
        for (Socket stream : streams) {
            stream.close();
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void theSourceHearsThatTheClientLeft() throws Exception {
        Socket socket = ask("GET /events HTTP/1.1");
        EventSink sink = sink();
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        socket.close();

        assertThat(closed.poll(20, TimeUnit.SECONDS)).isSameAs(sink);
    }

    @Test
    void aClientThatDoesNotReadIsDisconnected() throws Exception {
        try (Socket _ = ask("GET /events HTTP/1.1")) {
            EventSink sink = sink();
            ServerEvent large = new ServerEvent("", "", "x".repeat(100_000));
            int sent = 0;
            while (sent < 1000 && sink.send(large)) {
                sent++;
            }

            assertThat(sent).isLessThan(1000);
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isSameAs(sink);
        }
    }

    @Test
    void aSourceThatFailsEndsTheConnection() throws Exception {
        try (Socket socket = ask("GET /broken HTTP/1.1")) {
            assertThat(rest(socket)).doesNotContain("no events").doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void headHasNoEvents() throws Exception {
        try (Socket socket = ask("HEAD /events HTTP/1.1")) {
            assertThat(rest(socket)).contains("text/event-stream").endsWith("\r\n\r\n");
            assertThat(opened).isEmpty();
        }
    }

    @Test
    void aLaterAnswerMayFail() throws Exception {
        try (Socket socket = ask("GET /later HTTP/1.1\r\nConnection: close")) {
            later.completeExceptionally(HttpProblem.notFound());

            assertThat(rest(socket)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void aClientThatLeavesCancelsItsAnswer() throws Exception {
        CompletableFuture<Boolean> cancelled = later.handle((_, _) -> later.isCancelled());
        Socket socket = ask("GET /later HTTP/1.1");
        // The answer of a second request shows that the first was received.
        try (Socket now = ask("GET /now HTTP/1.1\r\nConnection: close")) {
            assertThat(rest(now)).endsWith("now");
        }
        socket.close();

        assertThat(cancelled.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEventsNameIsOneLine() {
        assertThatThrownBy(() -> new ServerEvent("", "a\ndata: b", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
