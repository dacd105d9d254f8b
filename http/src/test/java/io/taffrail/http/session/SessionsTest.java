package io.taffrail.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.user.Access;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions of browsers end when they should, and only then. */
class SessionsTest {

    private Instant now = Instant.EPOCH;
    private String passwordStamp = "first";
    private boolean mayConnect = true;

    private final Authenticator users = new Authenticator() {
        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            return true;
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.empty();
        }

        @Override
        public Object passwordStamp(String user) {
            return passwordStamp;
        }

        @Override
        public boolean mayConnect(String user, InetAddress from) {
            return mayConnect;
        }
    };
    private final Sessions sessions = new Sessions(users, (InstantSource) () -> now);

    private static String cookie(BrowserSession session) {
        return "theme=dark; " + Sessions.COOKIE + "=" + session.token();
    }

    private boolean lives(BrowserSession session) {
        return sessions.find(cookie(session)).isPresent();
    }

    @Test
    void isFoundByItsCookie() {
        BrowserSession session = sessions.begin("maria");
        assertThat(sessions.find(cookie(session))).contains(session);
        assertThat(sessions.find(Sessions.COOKIE + "=guess")).isEmpty();
        assertThat(sessions.find("")).isEmpty();
    }

    @Test
    void secretsAreLongAndDiffer() {
        BrowserSession one = sessions.begin("maria");
        BrowserSession other = sessions.begin("maria");
        assertThat(one.token()).hasSize(43).isNotEqualTo(other.token())
                .isNotEqualTo(one.csrf());
    }

    @Test
    void endsUnusedAndWithAge() {
        BrowserSession used = sessions.begin("maria");
        BrowserSession unused = sessions.begin("maria");
        for (int i = 0; i < 23; i++) {
            now = now.plus(Duration.ofMinutes(30));
            assertThat(lives(used)).isTrue();
        }
        assertThat(lives(unused)).isFalse();
        now = now.plus(Duration.ofMinutes(30));
        assertThat(lives(used)).isFalse();
    }

    @Test
    void endsWithTheLogoutAndWithAnotherPassword() {
        BrowserSession session = sessions.begin("maria");
        BrowserSession other = sessions.begin("maria");
        sessions.end(session);
        assertThat(lives(session)).isFalse();
        passwordStamp = "second";
        assertThat(lives(other)).isFalse();
    }

    @Test
    void isRefusedFromAnAddressThatTheUserMayNotUse() {
        BrowserSession session = sessions.begin("guest");
        mayConnect = false;
        assertThat(sessions.find(cookie(session), InetAddress.getLoopbackAddress())).isEmpty();
    }

    @Test
    void theirNumberIsLimited() {
        BrowserSession oldest = sessions.begin("maria");
        for (int i = 0; i < Sessions.MOST_OF_USER; i++) {
            var _ = sessions.begin("maria");
        }
        assertThat(lives(oldest)).isFalse();
        BrowserSession kept = sessions.begin("kept");
        for (int i = 0; i < Sessions.MOST; i++) {
            assertThat(lives(kept)).isTrue();
            var _ = sessions.begin("user" + i);
        }
        assertThat(sessions.size()).isEqualTo(Sessions.MOST);
        assertThat(lives(kept)).isTrue();
    }
}
