package io.taffrail.broker.login;

import io.taffrail.log.text.Printable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delays of login attempts after failures. Failures are counted per user and address, per address,
 * and per user. Beyond a free number of failures, attempts that match such a count are let through
 * one at a time, at intervals that double with each failure up to a limit. A user that has logged
 * in from an address, and has not failed there since, is not delayed there: an attacker elsewhere
 * who guesses passwords cannot lock the user out.
 *
 * <p>
 * Failures are forgotten one minute after the last. The tables are bounded and drop the least
 * recently used entry. Safe for any thread.
 */
final class LoginDelays {

    /** An attempt that would wait longer than this is refused without a password check. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(8);
    /** Maximum size of each of the two tables. */
    static final int MOST_ENTRIES = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoginDelays.class);
    private static final long FORGOTTEN_NS = Duration.ofMinutes(1).toNanos();
    private static final long FIRST_INTERVAL_NS = Duration.ofMillis(250).toNanos();
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_USER_CHARS = 255;
    /**
     * IPv6 addresses are counted by their /64 network, since one client can use
     * many addresses of it.
     */
    private static final int NETWORK_BYTES = 8;

    /** Kind of a failure count, with its number of free failures and its longest interval. */
    private enum Kind {
        USER_AT_ADDRESS(3, Duration.ofSeconds(5)),
        ADDRESS(30, Duration.ofSeconds(5)),
        USER(30, Duration.ofSeconds(1));

        private final int free;
        private final long longestIntervalNs;

        Kind(int free, Duration longestInterval) {
            this.free = free;
            this.longestIntervalNs = longestInterval.toNanos();
        }
    }

    private record Key(Kind kind, String address, String user) {

        @Override
        public String toString() {
            return switch (kind) {
                case USER_AT_ADDRESS -> "user '" + Printable.brief(user) + "' at " + address;
                case ADDRESS -> "any user at " + address;
                case USER -> "user '" + Printable.brief(user) + "' at any address";
            };
        }
    }

    private static final class Failures {
        private int count;
        private long lastNs;
        /** Earliest time of the next attempt, in nanoseconds of the clock. */
        private long nextNs;
    }

    /**
     * Decision on a login attempt.
     *
     * @param delayNs
     *            wait before the password check, in nanoseconds; negative if refused
     */
    record Turn(long delayNs) {

        boolean isRefused() {
            return delayNs < 0;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Key, Failures> failures = bounded();
    private final Map<Key, Boolean> proven = bounded();

    LoginDelays(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static <V> Map<Key, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
                return size() > MOST_ENTRIES;
            }
        };
    }

    /** Decides on an attempt and reserves its turn: the next attempt waits an interval longer. */
    synchronized Turn next(InetAddress from, String user) {
        long now = nanoTime.getAsLong();
        List<Key> keys = keys(from, user);
        if (isProven(keys.getFirst(), now)) {
            return new Turn(0);
        }
        long waitNs = 0;
        for (Key key : keys) {
            Failures known = known(key, now);
            waitNs = known == null || intervalNs(key, known) == 0
                    ? waitNs
                    : Math.max(waitNs, known.nextNs - now);
        }
        if (waitNs > LONGEST_WAIT.toNanos()) {
            return new Turn(-1);
        }
        for (Key key : keys) {
            Failures known = known(key, now);
            if (known != null) {
                known.nextNs = now + waitNs + intervalNs(key, known);
            }
        }
        return new Turn(waitNs);
    }

    /** True if attempts of this user from this address are delayed now. */
    synchronized boolean isDelayed(InetAddress from, String user) {
        long now = nanoTime.getAsLong();
        List<Key> keys = keys(from, user);
        return !isProven(keys.getFirst(), now) && keys.stream().anyMatch(key -> {
            Failures known = known(key, now);
            return known != null && intervalNs(key, known) > 0;
        });
    }

    private boolean isProven(Key pair, long now) {
        return proven.get(pair) != null && known(pair, now) == null;
    }

    private @Nullable Failures known(Key key, long now) {
        Failures known = failures.get(key);
        if (known != null && now - known.lastNs > FORGOTTEN_NS) {
            failures.remove(key);
            return null;
        }
        return known;
    }

    private static long intervalNs(Key key, Failures known) {
        int beyond = known.count - key.kind().free;
        return beyond < 0
                ? 0
                : Math.min(key.kind().longestIntervalNs,
                        FIRST_INTERVAL_NS << Math.min(beyond, MOST_DOUBLINGS));
    }

    /** Records a wrong password. */
    synchronized void failed(InetAddress from, String user) {
        long now = nanoTime.getAsLong();
        for (Key key : keys(from, user)) {
            Failures known = known(key, now);
            if (known == null) {
                known = new Failures();
                failures.put(key, known);
            }
            known.count++;
            known.lastNs = now;
            known.nextNs = Math.max(known.nextNs, now + intervalNs(key, known));
            if (known.count == key.kind().free) {
                LOG.warn("AMQ-004 logins of {} are delayed after {} failures", key, known.count);
            }
        }
    }

    /** Records a correct password. Failures of the address and of the user as a whole are kept. */
    synchronized void succeeded(InetAddress from, String user) {
        Key pair = keys(from, user).getFirst();
        failures.remove(pair);
        proven.put(pair, true);
    }

    /** Keys of an attempt, the most specific first. */
    private static List<Key> keys(InetAddress from, String user) {
        String address = from instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(from.getAddress(), NETWORK_BYTES))
                        + "::/64"
                : from.getHostAddress();
        String name = user.length() > MOST_USER_CHARS ? user.substring(0, MOST_USER_CHARS) : user;
        return List.of(new Key(Kind.USER_AT_ADDRESS, address, name),
                new Key(Kind.ADDRESS, address, ""), new Key(Kind.USER, "", name));
    }

    synchronized int entries() {
        return failures.size() + proven.size();
    }
}
