package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import io.taffrail.log.spi.Registration;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The stored users with their permissions, {@code user/<name>} in the metadata store. A change
 * takes effect when it is durable, also for open connections; changes of one user run one after
 * another. Safe for any thread.
 */
public final class Users {

    private static final String PREFIX = "user/";
    private static final int MAX_NAME_CHARS = 255;
    /** The most that the store takes as one value. */
    private static final int MAX_STORED_BYTES = 1 << 20;

    private final MetaStore store;
    private final Map<String, User> users = new ConcurrentSkipListMap<>();
    private final List<UserListener> listeners = new CopyOnWriteArrayList<>();
    /** The last change of each user that has one under way. */
    private final Map<String, CompletableFuture<?>> last = new ConcurrentHashMap<>();
    private final DefinitionSpace space;
    private final VerifiedPasswords verified = new VerifiedPasswords();

    /**
     * Reads the stored users.
     *
     * @param space
     *            the memory that users and their permissions are counted in
     */
    public Users(MetaStore store, DefinitionSpace space) {
        this.store = store;
        this.space = space;
        store.children(PREFIX).forEach((key, value) -> {
            User user = User.read(key, value.value());
            users.put(user.name(), user);
            space.added(user.sizeBytes());
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
     * Adds a user without permissions. In effect when it is durable. Fails with
     * {@link BrokerError#OBJECT_EXISTS} if the name is taken, with
     * {@link BrokerError#INVALID_DEFINITION} if it is empty or too long, and with
     * {@link BrokerError#OBJECT_LIMIT_REACHED} if definitions have no room.
     */
    public CompletableFuture<Void> add(String name, PasswordHash password) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            return CompletableFuture.failedFuture(new BrokerException(
                    BrokerError.INVALID_DEFINITION,
                    "a user's name has 1 to " + MAX_NAME_CHARS + " characters"));
        }
        return change(name, before -> {
            if (before.isPresent()) {
                throw new BrokerException(BrokerError.OBJECT_EXISTS,
                        "there is a user '" + name + "' already");
            }
            // From now on this user hides one of the same name in the configuration.
            return Optional.of(new User(name, password, Map.of(), Set.of()));
        }, listener -> listener.permissionsChanged(name));
    }

    /**
     * Adds a user with these tags, or changes the tags and, if one is given, the password of the
     * existing one. In effect when it is durable. Fails as {@link #add(String, PasswordHash)} does,
     * and with {@link BrokerError#INVALID_DEFINITION} if a new user has no password.
     *
     * @return whether the user is new
     */
    public CompletableFuture<Boolean> put(String name, Optional<PasswordHash> password,
            Set<String> tags) {
        checkName(name);
        AtomicBoolean isNew = new AtomicBoolean();
        return change(name, before -> {
            isNew.set(before.isEmpty());
            User user = before.orElseGet(() -> new User(name, password.orElseThrow(
                    () -> new BrokerException(BrokerError.INVALID_DEFINITION,
                            "user '" + name + "' is new and needs a password")),
                    Map.of(), Set.of()));
            return Optional.of(password.map(user::withPassword).orElse(user).withTags(tags));
        }, listener -> listener.permissionsChanged(name)).thenApply(_ -> isNew.get());
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            throw new BrokerException(BrokerError.INVALID_DEFINITION,
                    "a user's name has 1 to " + MAX_NAME_CHARS + " characters");
        }
    }

    /** The tags of a user; empty if the user does not exist. */
    public Set<String> tags(String name) {
        User user = users.get(name);
        return user == null ? Set.of() : Collections.unmodifiableSet(user.tags());
    }

    /** The hash of a user's password, for exports to administrators. */
    public Optional<PasswordHash> passwordHash(String name) {
        return Optional.ofNullable(users.get(name)).map(User::passwordHash);
    }

    /**
     * Deletes a user; completes when that is durable and every listener has handled it. Fails with
     * {@link BrokerError#OBJECT_NOT_FOUND} if the user does not exist.
     */
    public CompletableFuture<Void> delete(String name) {
        return change(name, before -> {
            existing(name, before);
            return Optional.empty();
        }, listener -> listener.deleted(name));
    }

    /**
     * Sets a user's password. Hashes it, so it must not run on an event loop. Fails if the user
     * does not exist.
     */
    public CompletableFuture<Void> setPassword(String name, String password) {
        return setPassword(name, PasswordHash.of(password));
    }

    /**
     * Sets a user's password hash. In effect when it is durable. Fails if the user does not exist.
     */
    public CompletableFuture<Void> setPassword(String name, PasswordHash password) {
        return change(name, before -> Optional.of(existing(name, before).withPassword(password)),
                _ -> CompletableFuture.completedFuture(null));
    }

    /**
     * Sets a user's permissions in a virtual host, replacing earlier ones; completes when that is
     * durable and every listener has handled it. Fails if the user does not exist, and with
     * {@link BrokerError#OBJECT_LIMIT_REACHED} if definitions have no room.
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
        return change(name, before -> Optional.of(change.apply(existing(name, before))),
                listener -> listener.permissionsChanged(name));
    }

    private static User existing(String name, Optional<User> user) {
        return user.orElseThrow(() -> new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                "no user '" + name + "'"));
    }

    /**
     * Changes a user after all earlier changes of it: stores the change, then applies it in memory
     * and tells the listeners. A change that is not stored has no effect.
     *
     * @param decision
     *            makes the user after the change of the user before it, each empty if there is none
     * @return completes when the listeners have handled it
     */
    private CompletableFuture<Void> change(String name,
            UnaryOperator<Optional<User>> decision,
            Function<UserListener, CompletableFuture<Void>> notification) {
        CompletableFuture<CompletableFuture<Void>> told = new CompletableFuture<>();
        CompletableFuture<?> before = last.put(name, told);
        CompletableFuture<Void> begins = before == null
                ? CompletableFuture.completedFuture(null)
                : before.handle((_, _) -> null);
        CompletableFuture<Void> stored = begins.thenCompose(_ -> {
            Optional<User> user = Optional.ofNullable(users.get(name));
            return store(name, user, decision.apply(user));
        });
        var _ = stored.whenComplete((_, failure) -> {
            last.remove(name, told);
            if (failure == null) {
                told.complete(tell(notification));
            } else {
                told.completeExceptionally(failure);
            }
        });
        return told.thenCompose(handled -> handled);
    }

    private CompletableFuture<Void> store(String name, Optional<User> before,
            Optional<User> after) {
        long more = after.map(User::sizeBytes).orElse(0L) - before.map(User::sizeBytes).orElse(0L);
        space.check(more, "user '" + name + "'");
        String key = key(name);
        long version = store.get(key).map(Versioned::version).orElse(0L);
        Change change = after.<Change>map(user -> new Change.Put(key, version, encoded(user)))
                .orElseGet(() -> new Change.Delete(key, version));
        space.added(more);
        return store.apply(List.of(change)).handle((applied, failure) -> {
            if (failure != null || !applied) {
                space.removed(more);
                throw failure == null
                        ? new LogFailedException("users were changed by another: " + key)
                        : new CompletionException(failure);
            }
            verified.forget(name);
            after.ifPresentOrElse(user -> users.put(name, user), () -> users.remove(name));
            return null;
        });
    }

    /**
     * Removes all permissions in a virtual host together with the host, after all earlier changes
     * of users. Listeners are not told: see {@link #tellPermissionsChanged}.
     *
     * @param commit
     *            stores these changes and the host's own atomically; if it fails nothing changes
     * @return completes with the names of the users that had permissions
     */
    public CompletableFuture<Set<String>> withoutHost(String host,
            Function<List<Change>, CompletableFuture<Void>> commit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<CompletableFuture<?>> earlier = new ArrayList<>();
        Set<String> claimed = new HashSet<>(users.keySet());
        claimed.addAll(last.keySet());
        claimed.forEach(name -> {
            CompletableFuture<?> before = last.put(name, done);
            if (before != null) {
                earlier.add(before.handle((_, _) -> null));
            }
        });
        return CompletableFuture.allOf(earlier.toArray(CompletableFuture[]::new))
                .thenCompose(_ -> store(without(host, claimed), commit))
                .whenComplete((_, _) -> {
                    claimed.forEach(name -> last.remove(name, done));
                    done.complete(null);
                });
    }

    private List<User> without(String host, Set<String> names) {
        return names.stream().map(users::get)
                .filter(user -> user != null && user.permissions().containsKey(host))
                .map(user -> user.without(host)).toList();
    }

    private CompletableFuture<Set<String>> store(List<User> after,
            Function<List<Change>, CompletableFuture<Void>> commit) {
        List<Change> changes = after.stream()
                .<Change>map(user -> new Change.Put(key(user.name()),
                        store.get(key(user.name())).map(Versioned::version).orElse(0L),
                        encoded(user)))
                .toList();
        return commit.apply(changes).thenApply(_ -> {
            after.forEach(user -> {
                User before = users.put(user.name(), user);
                space.removed((before == null ? 0 : before.sizeBytes()) - user.sizeBytes());
            });
            return after.stream().map(User::name).collect(Collectors.toSet());
        });
    }

    /** Tells the listeners that these users' permissions have changed; completes when all have. */
    public CompletableFuture<Void> tellPermissionsChanged(Set<String> names) {
        return CompletableFuture.allOf(names.stream()
                .map(name -> tell(listener -> listener.permissionsChanged(name)))
                .toArray(CompletableFuture[]::new));
    }

    private static byte[] encoded(User user) {
        byte[] encoded = user.encode();
        if (encoded.length > MAX_STORED_BYTES) {
            throw new BrokerException(BrokerError.OBJECT_LIMIT_REACHED,
                    "the permissions of a user take at most " + MAX_STORED_BYTES + " bytes");
        }
        return encoded;
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

    private static String key(String name) {
        return PREFIX + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
