package io.taffrail.broker.login;

import io.taffrail.broker.user.Users;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

/**
 * The logins of all heads with the threads that hash passwords. Shared, so that a failed attempt
 * on one port also delays the next on another. Safe for any thread.
 */
public final class PasswordChecks implements AutoCloseable {

    private final ExecutorService hashing;
    private final Logins logins;
    private final KnownUsers users;

    private PasswordChecks(KnownUsers users, LongSupplier nanoTime) {
        this.users = users;
        this.hashing = HashingThreads.start();
        this.logins = new Logins(users, hashing, nanoTime);
    }

    /**
     * Starts the checks.
     *
     * @param configured
     *            users of the configuration, see {@link ConfiguredUsers#parse}
     * @param nanoTime
     *            clock for delays, in nanoseconds
     * @throws IllegalArgumentException
     *             if {@code configured} is malformed
     */
    public static PasswordChecks start(Users stored, String configured, LongSupplier nanoTime) {
        return new PasswordChecks(new KnownUsers(stored, ConfiguredUsers.parse(configured)),
                nanoTime);
    }

    /** The logins. */
    public Logins logins() {
        return logins;
    }

    /** The users of the configuration. */
    public ConfiguredUsers configured() {
        return users.configured();
    }

    /** Ends the threads after the checks that wait already. */
    @Override
    public void close() {
        hashing.shutdown();
    }
}
