package io.taffrail.http.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.taffrail.broker.login.Credentials;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes.Match;
import io.taffrail.http.route.HttpRoutes.Target;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.route.HttpUser;
import io.taffrail.http.session.BrowserSession;
import io.taffrail.http.session.Sessions;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the head of a request whether it is served: finds the route, checks the password
 * (RFC 7617) or the session of a browser, and the user's tags. Passwords are checked beside the
 * event loop.
 */
final class RequestAdmission {

    private static final String REALM = "Basic realm=\"RabbitMQ Management\"";
    private static final String SCHEME = "basic ";
    /** Methods that change nothing. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /** The decision; without a refusal the route is to be called. */
    record Admitted(HttpUser user, Optional<Match> match, Optional<Target> target,
            Optional<HttpAnswer> refusal) {

        static Admitted refused(HttpAnswer answer) {
            return new Admitted(HttpUser.NOBODY, Optional.empty(), Optional.empty(),
                    Optional.of(answer));
        }
    }

    private final HttpServices services;
    private final HttpRequest head;
    private final InetAddress from;

    RequestAdmission(HttpServices services, HttpRequest head, InetAddress from) {
        this.services = services;
        this.head = head;
        this.from = from;
    }

    CompletableFuture<Admitted> check(ScheduledExecutorService loop) {
        Optional<Match> match;
        try {
            match = services.routes().find(path(head));
        } catch (IllegalArgumentException _) {
            return done(Admitted.refused(HttpProblem
                    .badRequest("the path is not well encoded").answer(path(head))));
        }
        Optional<Target> target = match.flatMap(it -> it.target(head.method().name()));
        if (target.filter(it -> it.tag() == HttpTag.ANYBODY).isPresent()) {
            return done(new Admitted(HttpUser.NOBODY, match, target, Optional.empty()));
        }
        Optional<String> cookies = Optional.ofNullable(head.headers().get(HttpHeaderNames.COOKIE));
        if (cookies.isPresent() && !head.headers().contains(HttpHeaderNames.AUTHORIZATION)) {
            Optional<BrowserSession> session = services.sessions().find(cookies.get(), from);
            if (session.isPresent()) {
                return done(ofSession(session.get(), match, target));
            }
        }
        Optional<Credentials> credentials = credentials();
        if (credentials.isEmpty()) {
            return done(Admitted.refused(challenge(isByScript()
                    ? new HttpProblem(401, "not_authorized", "no session").answer(path(head))
                    : HttpAnswer.empty(401))));
        }
        return services.logins().login(credentials.get(), from, loop)
                .thenApply(right -> right
                        ? known(credentials.get().user(), match, target)
                        : Admitted.refused(challenge(new HttpProblem(401, "not_authorized",
                                "Login failed").answer(path(head)))));
    }

    /**
     * Adds the request for a password, except for a script: the browser would show a window of its
     * own.
     */
    private HttpAnswer challenge(HttpAnswer answer) {
        return isByScript() ? answer : answer.with("www-authenticate", REALM);
    }

    private boolean isByScript() {
        String accepted = head.headers().get(HttpHeaderNames.ACCEPT);
        return head.headers().contains(Sessions.CSRF_HEADER)
                || (accepted != null && accepted.startsWith("text/event-stream"));
    }

    /**
     * Admits a browser with a session. A request that another site made is refused, and so is one
     * that may change something and lacks the session's secret in its header.
     */
    private Admitted ofSession(BrowserSession session, Optional<Match> match,
            Optional<Target> target) {
        String site = head.headers().get("sec-fetch-site");
        boolean isForeign = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean changes = !SAFE.contains(head.method().name());
        if (isForeign || (changes && !isSecret(session,
                head.headers().get(Sessions.CSRF_HEADER)))) {
            return Admitted.refused(new HttpProblem(403, "forbidden",
                    "the request does not come from the console").answer(path(head)));
        }
        return known(session.user(), match, target);
    }

    private static boolean isSecret(BrowserSession session, @Nullable String claimed) {
        return claimed != null && MessageDigest.isEqual(
                session.csrf().getBytes(StandardCharsets.UTF_8),
                claimed.getBytes(StandardCharsets.UTF_8));
    }

    private static CompletableFuture<Admitted> done(Admitted result) {
        return CompletableFuture.completedFuture(result);
    }

    /** The path as it was sent, without the query. */
    static String path(HttpRequest head) {
        String path = new QueryStringDecoder(head.uri(), StandardCharsets.UTF_8).rawPath();
        return path.startsWith("/") ? path : "/" + path;
    }

    private Admitted known(String name, Optional<Match> match, Optional<Target> target) {
        Set<String> tags = services.logins().users().tags(name);
        HttpUser user = new HttpUser(name, tags, services.logins().users());
        if (match.isEmpty()) {
            return Admitted.refused(HttpProblem.notFound().answer(path(head)));
        }
        if (target.isEmpty()) {
            String allowed = match.get().allowed();
            return Admitted.refused(HttpAnswer
                    .empty(head.method().name().equals("OPTIONS") ? 200 : 405)
                    .with("allow", allowed));
        }
        HttpTag wanted = target.get().tag();
        if (wanted != HttpTag.USER && !HttpTag.MANAGEMENT.allows(tags)) {
            return Admitted.refused(HttpProblem
                    .notAuthorised(HttpTag.MANAGEMENT.refusal()).answer(path(head)));
        }
        if (!wanted.allows(tags)) {
            return Admitted.refused(HttpProblem.notAuthorised(wanted.refusal()).answer(path(head)));
        }
        return new Admitted(user, match, target, Optional.empty());
    }

    private Optional<Credentials> credentials() {
        String value = head.headers().get(HttpHeaderNames.AUTHORIZATION);
        if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getDecoder().decode(
                    value.substring(SCHEME.length()).strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Credentials(text.substring(0, colon),
                            text.substring(colon + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
