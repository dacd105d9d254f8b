package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import io.taffrail.log.spi.Registration;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The stored users with their permissions, {@code user/<name>} in the metadata store. A change
 * takes effect at once, also for open connections. Safe for any thread.
 */
public final class Users {

    private static final String PREFIX = "user/";
    private static final int MAX_NAME_CHARS = 255;

    private final MetaStore store;
    private final Map<String, User> users = new ConcurrentSkipListMap<>();
    private final List<UserListener> listeners = new CopyOnWriteArrayList<>();
    private final VerifiedPasswords verified = new VerifiedPasswords();

    /** Reads the stored users. */
    public Users(MetaStore store) {
        this.store = store;
        store.children(PREFIX).forEach((key, value) -> {
            User user = User.read(key, value.value());
            users.put(user.name(), user);
        });
    }

    /** Adds a listener for changes from now on. */
    public Registration onChange(UserListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The names of all users, sorted. */
    public List<String> names() {
        return List.copyOf(users.keySet());
    }

    public boolean has(String name) {
        return users.containsKey(name);
    }

    /** The permissions of a user by virtual host; empty if the user does not exist. */
    public Map<String, Permissions> permissions(String user) {
        User found = users.get(user);
        return found == null ? Map.of() : Map.copyOf(found.permissions());
    }

    /**
     * Whether this is the user's password; empty if the user does not exist. May take tens of
     * milliseconds of CPU time, so it must not run on an event loop unless {@link #knows}.
     */
    public Optional<Boolean> accepts(String user, String password) {
        return Optional.ofNullable(users.get(user))
                .map(found -> matches(user, found.passwordHash(), password));
    }

    private boolean matches(String user, PasswordHash hash, String password) {
        if (hash.isCheap()) {
            return hash.matches(password);
        }
        if (verified.knows(user, hash, password)) {
            return true;
        }
        boolean right = hash.matches(password);
        if (right) {
            verified.add(user, hash, password);
        }
        return right;
    }

    /**
     * Whether {@link #accepts} would answer within microseconds: the user does not exist, the
     * password was verified before, or its hash is of the cheap kind.
     */
    public boolean knows(String user, String password) {
        User found = users.get(user);
        return found == null || found.passwordHash().isCheap()
                || verified.knows(user, found.passwordHash(), password);
    }

    /** The access of a user in a virtual host; empty if the user has none. */
    public Optional<Access> access(String user, String host) {
        User found = users.get(user);
        return found == null || !found.permissions().containsKey(host)
                ? Optional.empty()
                : Optional.of(new UserAccess(this, user, host));
    }

    boolean allows(String user, String host, Permission permission, String name) {
        User found = users.get(user);
        Permissions granted = found == null ? null : found.permissions().get(host);
        return granted != null && granted.allow(permission, name);
    }

    /**
     * Adds a user without permissions; fails if the name is taken. Hashes the password, so it must
     * not run on an event loop.
     */
    public CompletableFuture<Void> add(String name, String password) {
        return add(name, PasswordHash.of(password));
    }

    /**
     * Adds a user without permissions. In effect at once; completes when it is durable. Fails with
     * {@link BrokerError#INVALID_DEFINITION} if the name is taken, empty or too long.
     */
    public synchronized CompletableFuture<Void> add(String name, PasswordHash password) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            return refused(BrokerError.INVALID_DEFINITION,
                    "a user's name has 1 to " + MAX_NAME_CHARS + " characters");
        }
        if (users.containsKey(name)) {
            return refused(BrokerError.INVALID_DEFINITION, "User \"" + name
                    + "\" already exists");
        }
        // From now on this user hides one of the same name in the configuration.
        return put(new User(name, password, Map.of()))
                .thenCompose(_ -> tell(listener -> listener.permissionsChanged(name)));
    }

    /**
     * Deletes a user; completes when that is durable and every listener has handled it. Fails with
     * {@link BrokerError#OBJECT_NOT_FOUND} if the user does not exist.
     */
    public CompletableFuture<Void> delete(String name) {
        CompletableFuture<Void> stored = remove(name);
        return stored.isCompletedExceptionally()
                ? stored
                : tell(listener -> listener.deleted(name)).thenCompose(_ -> stored);
    }

    private synchronized CompletableFuture<Void> remove(String name) {
        if (users.remove(name) == null) {
            return missing(name);
        }
        verified.forget(name);
        return apply(new Change.Delete(key(name), version(key(name))));
    }

    /**
     * Sets a user's password. Hashes it, so it must not run on an event loop. Fails if the user
     * does not exist.
     */
    public CompletableFuture<Void> setPassword(String name, String password) {
        return setPassword(name, PasswordHash.of(password));
    }

    /**
     * Sets a user's password hash. In effect at once; completes when it is durable. Fails if the
     * user does not exist.
     */
    public CompletableFuture<Void> setPassword(String name, PasswordHash password) {
        verified.forget(name);
        return change(name, user -> user.withPassword(password));
    }

    /**
     * Sets a user's permissions in a virtual host, replacing earlier ones; completes when that is
     * durable and every listener has handled it. Fails if the user does not exist.
     */
    public CompletableFuture<Void> setPermissions(String name, String host,
            Permissions permissions) {
        return changePermissions(name, user -> user.with(host, permissions));
    }

    /** Removes a user's permissions in a virtual host; completes like {@link #setPermissions}. */
    public CompletableFuture<Void> clearPermissions(String name, String host) {
        return changePermissions(name, user -> user.without(host));
    }

    private CompletableFuture<Void> changePermissions(String name, UnaryOperator<User> change) {
        CompletableFuture<Void> stored = change(name, change);
        return stored.isCompletedExceptionally()
                ? stored
                : tell(listener -> listener.permissionsChanged(name)).thenCompose(_ -> stored);
    }

    /** Tells every listener; a failure of one does not affect the others. */
    private CompletableFuture<Void> tell(
            Function<UserListener, CompletableFuture<Void>> notification) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (UserListener listener : listeners) {
            Guard.run("USR-001", "a listener to changes of users",
                    () -> told.add(notification.apply(listener)));
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }

    private synchronized CompletableFuture<Void> change(String name, UnaryOperator<User> change) {
        User user = users.get(name);
        return user == null ? missing(name) : put(change.apply(user));
    }

    private CompletableFuture<Void> put(User user) {
        users.put(user.name(), user);
        String key = key(user.name());
        return apply(new Change.Put(key, version(key), user.encode()));
    }

    private CompletableFuture<Void> apply(Change change) {
        return store.apply(List.of(change)).thenAccept(applied -> {
            if (!applied) {
                throw new LogFailedException("users were changed by another: " + change.key());
            }
        });
    }

    private long version(String key) {
        return store.get(key).map(Versioned::version).orElse(0L);
    }

    private static String key(String name) {
        return PREFIX + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static CompletableFuture<Void> missing(String name) {
        return refused(BrokerError.OBJECT_NOT_FOUND, "User \"" + name + "\" does not exist");
    }

    private static CompletableFuture<Void> refused(BrokerError error, String text) {
        return CompletableFuture.failedFuture(new BrokerException(error, text));
    }
}
