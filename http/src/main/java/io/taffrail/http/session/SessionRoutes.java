package io.taffrail.http.session;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Login and logout of the console. A login is a request with a password in its
 * {@code Authorization} header, which is checked and delayed like every other one.
 */
public final class SessionRoutes {

    private static final String PATH = "/api/taffrail/session";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    private final Sessions sessions;

    public SessionRoutes(Sessions sessions) {
        this.sessions = sessions;
    }

    public void register(HttpRoutes routes) {
        routes.on("POST", PATH, HttpTag.MANAGEMENT, this::begin)
                .on("GET", PATH, HttpTag.ANYBODY, this::show)
                .on("DELETE", PATH, HttpTag.MANAGEMENT, this::end);
    }

    private HttpAnswer begin(HttpCall call) {
        if (call.header("authorization").isEmpty()) {
            throw HttpProblem.badRequest("a login needs a password");
        }
        BrowserSession session = sessions.begin(call.user().name());
        return HttpAnswer.json(201, object(session)).with("set-cookie",
                Sessions.COOKIE + "=" + session.token() + ATTRIBUTES);
    }

    private BrowserSession session(HttpCall call) {
        return call.header("cookie").flatMap(sessions::find)
                .filter(it -> it.user().equals(call.user().name()))
                .orElseThrow(HttpProblem::notFound);
    }

    /** The session of the browser; an empty object if there is none. */
    private HttpAnswer show(HttpCall call) {
        return HttpAnswer.json(call.header("cookie").flatMap(sessions::find)
                .map(this::object).orElse(Map.of()));
    }

    private Map<String, Object> object(BrowserSession session) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("user", session.user());
        object.put("tags", List.copyOf(sessions.tags(session)));
        object.put("csrf", session.csrf());
        return object;
    }

    private HttpAnswer end(HttpCall call) {
        sessions.end(session(call));
        return HttpAnswer.empty(204).with("set-cookie",
                Sessions.COOKIE + "=" + ATTRIBUTES + "; Max-Age=0");
    }
}
