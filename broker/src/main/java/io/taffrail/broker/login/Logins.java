package io.taffrail.broker.login;

import io.taffrail.log.guard.Guard;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords on a thread pool, because hashing takes long, and delays attempts after
 * failures. Safe for any thread.
 */
public final class Logins {

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

    private final Authenticator users;
    private final Executor hashing;
    private final LoginDelays delays;

    /**
     * @param hashing
     *            executor of password checks; its queue is bounded, and a login that it
     *            rejects is refused
     * @param nanoTime
     *            clock for delays, in nanoseconds
     */
    public Logins(Authenticator users, Executor hashing, LongSupplier nanoTime) {
        this.users = users;
        this.hashing = hashing;
        this.delays = new LoginDelays(nanoTime);
    }

    /** The users that logins are checked against. */
    public Authenticator users() {
        return users;
    }

    /**
     * Checks the credentials, after a delay if earlier attempts failed. The result completes on any
     * thread, never exceptionally: true if the user may connect.
     *
     * @param loop
     *            executor that times the delay
     */
    public CompletableFuture<Boolean> login(Credentials credentials, InetAddress from,
            ScheduledExecutorService loop) {
        CompletableFuture<Boolean> accepted = new CompletableFuture<>();
        attempt(new Attempt(credentials, from, loop, accepted));
        return accepted;
    }

    private record Attempt(Credentials credentials, InetAddress from,
            ScheduledExecutorService loop, CompletableFuture<Boolean> accepted) {

        void refuse() {
            accepted.complete(false);
        }
    }

    private void attempt(Attempt attempt) {
        LoginDelays.Turn turn = delays.next(attempt.from(), attempt.credentials().user());
        if (turn.isRefused()) {
            attempt.refuse();
        } else if (turn.delayNs() == 0) {
            check(attempt, false);
        } else {
            var _ = attempt.loop().schedule(() -> check(attempt, true), turn.delayNs(),
                    TimeUnit.NANOSECONDS);
        }
    }

    /**
     * @param hasWaited
     *            true if the attempt has waited for its turn; otherwise it may have to wait now, if
     *            attempts that arrived together with it have failed meanwhile
     */
    private void check(Attempt attempt, boolean hasWaited) {
        Guard.run(() -> hashing.execute(() -> Guard.run(() -> {
            if (!hasWaited && delays.isDelayed(attempt.from(), attempt.credentials().user())) {
                attempt(attempt);
            } else {
                attempt.accepted().complete(isAccepted(attempt));
            }
        }, cause -> failed(attempt, cause))), cause -> failed(attempt, cause));
    }

    private static void failed(Attempt attempt, Throwable cause) {
        if (cause instanceof RejectedExecutionException) {
            LOG.debug("a login is refused: too many are being checked");
        } else {
            LOG.error("AMQ-005 a login could not be checked", cause);
        }
        attempt.refuse();
    }

    private boolean isAccepted(Attempt attempt) {
        String user = attempt.credentials().user();
        if (users.accepts(attempt.credentials(), attempt.from())) {
            delays.succeeded(attempt.from(), user);
            return true;
        }
        delays.failed(attempt.from(), user);
        return false;
    }
}
