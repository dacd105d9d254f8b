package io.taffrail.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.user.Access;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.HttpHead;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.session.SessionRoutes;
import io.taffrail.http.session.Sessions;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import io.taffrail.net.json.Json;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests with the cookie of a session. */
class SessionAdmissionTest {

    private static final String BASIC = "Basic bWFyaWE6d29uZGVy";

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

    private final EventLoops loops = EventLoops.start(1);
    private final Sessions sessions = new Sessions(USERS, InstantSource.system());
    private final HttpHead head = HttpHead.start(
            HttpConfig.defaults().withListener(new HostPort("127.0.0.1", 0)), routes(), loops,
            new Logins(USERS, Runnable::run, System::nanoTime), sessions).orElseThrow();
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpRoutes routes() {
        HttpRoutes routes = new HttpRoutes()
                .on("GET", "/who", HttpTag.MANAGEMENT,
                        call -> HttpAnswer.text("text/plain", call.user().name()))
                .on("POST", "/change", HttpTag.MANAGEMENT, _ -> HttpAnswer.empty(204))
                .on("GET", "/admin", HttpTag.ADMINISTRATOR, _ -> HttpAnswer.empty(204));
        new SessionRoutes(sessions).register(routes);
        return routes;
    }

    @AfterEach
    void stop() {
        head.close();
        loops.close();
    }

    private HttpResponse<String> call(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + head.address().getPort() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A logged-in browser: cookie and secret. */
    private record Browser(String cookie, String csrf) {}

    private Browser logIn() {
        HttpResponse<String> answer = call("POST", "/api/taffrail/session", "authorization",
                BASIC);
        assertThat(answer.statusCode()).isEqualTo(201);
        String set = answer.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).contains("; HttpOnly", "; SameSite=Strict", "; Path=/");
        Map<?, ?> object = (Map<?, ?>) Objects.requireNonNull(Json.read(answer.body()));
        assertThat(object.get("user")).isEqualTo("maria");
        return new Browser(set.split(";", 2)[0], String.valueOf(object.get("csrf")));
    }

    @Test
    void aSessionReadsWithItsCookieAlone() {
        Browser browser = logIn();
        assertThat(call("GET", "/who", "cookie", browser.cookie()).body()).isEqualTo("maria");
        assertThat(call("GET", "/who").statusCode()).isEqualTo(401);
        assertThat(call("GET", "/who", "cookie", Sessions.COOKIE + "=guess").statusCode())
                .isEqualTo(401);
    }

    @Test
    void aChangeNeedsTheSecretInAHeader() {
        Browser browser = logIn();
        assertThat(call("POST", "/change", "cookie", browser.cookie()).statusCode())
                .isEqualTo(403);
        assertThat(call("POST", "/change", "cookie", browser.cookie(), Sessions.CSRF_HEADER,
                logIn().csrf()).statusCode()).isEqualTo(403);
        assertThat(call("POST", "/change", "cookie", browser.cookie(), Sessions.CSRF_HEADER,
                browser.csrf()).statusCode()).isEqualTo(204);
        assertThat(call("POST", "/change", "authorization", BASIC).statusCode()).isEqualTo(204);
    }

    @Test
    void anotherSiteCannotUseASession() {
        Browser browser = logIn();
        for (String site : new String[]{"cross-site", "same-site"}) {
            assertThat(call("GET", "/who", "cookie", browser.cookie(), "sec-fetch-site", site)
                    .statusCode()).isEqualTo(403);
        }
        assertThat(call("GET", "/who", "cookie", browser.cookie(), "sec-fetch-site",
                "same-origin").statusCode()).isEqualTo(200);
    }

    @Test
    void aSessionHasTheTagsOfItsUser() {
        assertThat(call("GET", "/admin", "cookie", logIn().cookie()).body())
                .contains("Not administrator user");
    }

    @Test
    void aBrowserShowsNoWindowOfItsOwn() {
        assertThat(call("GET", "/who").headers().firstValue("www-authenticate")).isPresent();
        assertThat(call("GET", "/who", Sessions.CSRF_HEADER, "-").headers()
                .firstValue("www-authenticate")).isEmpty();
        assertThat(call("POST", "/api/taffrail/session", "authorization", "Basic bWFyaWE6eA==",
                Sessions.CSRF_HEADER, "-").headers().firstValue("www-authenticate")).isEmpty();
    }

    @Test
    void aLogoutEndsTheSession() {
        Browser browser = logIn();
        assertThat(call("DELETE", "/api/taffrail/session", "cookie", browser.cookie(),
                Sessions.CSRF_HEADER, browser.csrf()).statusCode()).isEqualTo(204);
        assertThat(call("GET", "/who", "cookie", browser.cookie()).statusCode()).isEqualTo(401);
        assertThat(call("GET", "/api/taffrail/session", "cookie", browser.cookie()).body())
                .isEqualTo("{}");
    }

    @Test
    void aLoginNeedsAPassword() {
        Browser browser = logIn();
        assertThat(call("POST", "/api/taffrail/session", "cookie", browser.cookie(),
                Sessions.CSRF_HEADER, browser.csrf()).statusCode()).isEqualTo(400);
    }
}
