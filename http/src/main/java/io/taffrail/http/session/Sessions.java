package io.taffrail.http.session;

import io.taffrail.broker.login.Authenticator;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of all browsers. A session ends {@link #MOST_AGE} after its login, when it was not
 * used for {@link #MOST_IDLE}, by a logout, when the user's password changes, and when the process
 * ends. There are at most {@value #MOST} sessions, and {@value #MOST_OF_USER} of one user; a login
 * beyond that ends the session that was unused for longest. Safe for any thread.
 */
public final class Sessions {

    /** Name of the cookie. */
    public static final String COOKIE = "taffrail_session";
    /** Header that carries {@link BrowserSession#csrf}. */
    public static final String CSRF_HEADER = "x-taffrail-csrf";

    static final int MOST = 1000;
    static final int MOST_OF_USER = 50;
    static final Duration MOST_AGE = Duration.ofHours(12);
    static final Duration MOST_IDLE = Duration.ofHours(1);

    private static final int RANDOM_BYTES = 32;

    private record Used(BrowserSession session, long lastMs) {}

    private final Authenticator users;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /** By token, the one unused for longest first. */
    private final Map<String, Used> byToken = new LinkedHashMap<>();

    public Sessions(Authenticator users, InstantSource clock) {
        this.users = users;
        this.clock = clock;
    }

    /** Begins a session of a user whose password was checked. */
    public synchronized BrowserSession begin(String user) {
        long nowMs = clock.millis();
        byToken.values().removeIf(it -> isOver(it, nowMs));
        if (byToken.values().stream().filter(it -> it.session().user().equals(user))
                .count() >= MOST_OF_USER) {
            byToken.remove(byToken.values().stream()
                    .filter(it -> it.session().user().equals(user)).findFirst().orElseThrow()
                    .session().token());
        }
        if (byToken.size() >= MOST) {
            byToken.remove(byToken.keySet().iterator().next());
        }
        BrowserSession session = new BrowserSession(randomText(), user, randomText(),
                users.passwordStamp(user), nowMs);
        byToken.put(session.token(), new Used(session, nowMs));
        return session;
    }

    private String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean isOver(Used used, long nowMs) {
        return nowMs - used.session().beganMs() >= MOST_AGE.toMillis()
                || nowMs - used.lastMs() >= MOST_IDLE.toMillis();
    }

    /** The session of a {@code Cookie} header, if it has not ended. */
    public Optional<BrowserSession> find(String cookies) {
        return token(cookies).flatMap(this::used);
    }

    /** As {@link #find(String)}, if the user may connect from this address. */
    public Optional<BrowserSession> find(String cookies, InetAddress from) {
        return find(cookies).filter(it -> users.mayConnect(it.user(), from));
    }

    private synchronized Optional<BrowserSession> used(String token) {
        Used used = byToken.remove(token);
        if (used == null) {
            return Optional.empty();
        }
        long nowMs = clock.millis();
        BrowserSession session = used.session();
        if (isOver(used, nowMs)
                || !users.passwordStamp(session.user()).equals(session.passwordStamp())) {
            return Optional.empty();
        }
        byToken.put(token, new Used(session, nowMs));
        return Optional.of(session);
    }

    /** The present tags of the session's user. */
    Set<String> tags(BrowserSession session) {
        return users.tags(session.user());
    }

    /** Ends a session. */
    public synchronized void end(BrowserSession session) {
        byToken.remove(session.token());
    }

    /** Number of sessions that were not removed yet. */
    synchronized int size() {
        return byToken.size();
    }

    private static Optional<String> token(String cookies) {
        for (String pair : cookies.split(";", -1)) {
            String text = pair.strip();
            if (text.startsWith(COOKIE + "=")) {
                return Optional.of(text.substring(COOKIE.length() + 1));
            }
        }
        return Optional.empty();
    }
}
