package io.taffrail.broker.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.HeldStore;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Changes of users in flight, refused by the store, and beyond the limit of definitions. */
class UserChangesTest {

    private static final long LIMIT = 1 << 20;
    /** Of RabbitMQ's kind, which takes no time to check. */
    private static final PasswordHash HASH = PasswordHash
            .parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

    private final HeldStore store = new HeldStore(
            new MemoryLogEngine(InstantSource.system()).metaStore());
    private final DefinitionSpace space = new DefinitionSpace(LIMIT);
    private final Users users = new Users(store, space);

    private static Permissions permissions(String configure) {
        return Permissions.of(configure, "", "");
    }

    private static void isRefused(CompletableFuture<Void> change, BrokerError error) {
        assertThatThrownBy(change::join).isInstanceOf(CompletionException.class)
                .cause().isInstanceOfSatisfying(BrokerException.class,
                        it -> assertThat(it.error()).isEqualTo(error));
    }

    @Test
    void changesOfOneUserInFlightAreAllMade() {
        users.add("maria", HASH).join();
        store.hold();
        List<CompletableFuture<Void>> changes = new ArrayList<>();
        for (String host : List.of("a", "b", "c")) {
            changes.add(users.setPermissions("maria", host, permissions(host)));
        }
        changes.add(users.clearPermissions("maria", "b"));
        CompletableFuture<Void> second = users.add("maria", HASH);

        store.release();

        changes.forEach(CompletableFuture::join);
        isRefused(second, BrokerError.OBJECT_EXISTS);
        assertThat(users.permissions("maria")).containsOnlyKeys("a", "c");
        assertThat(new Users(store, new DefinitionSpace(LIMIT)).permissions("maria"))
                .isEqualTo(users.permissions("maria"));
    }

    @Test
    void changeIsInEffectWhenItIsDurable() {
        store.hold();
        CompletableFuture<Void> added = users.add("maria", HASH);
        assertThat(users.has("maria")).isFalse();

        store.release();

        assertThat(added).isDone();
        assertThat(users.has("maria")).isTrue();
    }

    @Test
    void changeThatIsNotStoredHasNoEffect() {
        users.add("maria", HASH).join();
        users.setPermissions("maria", "/", permissions("a")).join();
        long before = space.heldBytes();
        store.fail(_ -> true);

        for (CompletableFuture<Void> change : List.of(users.add("anna", HASH),
                users.delete("maria"), users.setPassword("maria", "other"),
                users.setPermissions("maria", "/", permissions("b")),
                users.clearPermissions("maria", "/"))) {
            assertThatThrownBy(change::join).hasMessageContaining("not stored, as told");
        }

        assertThat(users.names()).containsExactly("maria");
        assertThat(users.accepts("maria", "other")).contains(false);
        assertThat(users.permissions("maria")).containsOnlyKeys("/")
                .containsValue(permissions("a"));
        assertThat(space.heldBytes()).isEqualTo(before);
        store.fail(_ -> false);
        users.delete("maria").join();
        assertThat(space.heldBytes()).isZero();
    }

    @Test
    void usersAndPermissionsBeyondTheLimitAreRefused() {
        users.add("maria", HASH).join();
        String costly = "(a{900}){5}";
        isRefused(users.setPermissions("maria", "/", Permissions.of(costly, costly, costly)),
                BrokerError.OBJECT_LIMIT_REACHED);
        users.setPermissions("maria", "/", permissions(costly)).join();
        int added = 0;
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        while (!last.isCompletedExceptionally()) {
            assertThat(added).as("users within the limit").isLessThan((int) LIMIT / 512);
            last = users.add("user-" + added++, HASH);
        }
        isRefused(last, BrokerError.OBJECT_LIMIT_REACHED);
        assertThat(space.heldBytes()).isLessThanOrEqualTo(LIMIT);
        DefinitionSpace reopened = new DefinitionSpace(LIMIT);
        assertThat(new Users(store, reopened).names()).hasSize(added);
        assertThat(reopened.heldBytes()).isEqualTo(space.heldBytes());

        users.delete("user-0").join();
        users.add("user-0", HASH).join();
    }

    @Test
    void permissionsThatTheStoreCannotTakeAreRefused() {
        DefinitionSpace wide = new DefinitionSpace(Long.MAX_VALUE);
        Users many = new Users(store, wide);
        many.add("maria", HASH).join();
        String pattern = "x".repeat(4096);
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        int hosts = 0;
        while (!last.isCompletedExceptionally()) {
            assertThat(hosts).isLessThan(100);
            last = many.setPermissions("maria", "host-" + hosts++,
                    Permissions.of(pattern, pattern, pattern));
        }
        long held = wide.heldBytes();
        isRefused(last, BrokerError.OBJECT_LIMIT_REACHED);
        assertThat(many.permissions("maria")).hasSize(hosts - 1);

        many.clearPermissions("maria", "host-0").join();
        assertThat(wide.heldBytes()).isLessThan(held);
    }
}
