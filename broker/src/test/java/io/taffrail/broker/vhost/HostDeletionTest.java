package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.HeldStore;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.broker.user.Permissions;
import io.taffrail.broker.user.UserListener;
import io.taffrail.broker.user.Users;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore.Change;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A virtual host goes with its permissions, and as a whole, however many objects it has. */
class HostDeletionTest {

    /** Objects whose keys, of about 2,000 bytes each, need several commits. */
    private static final int MANY = 1_200;

    private final OwnerThread owner = new OwnerThread();
    private final ThreadTimers timers = new ThreadTimers();
    private final MemoryLogEngine memory = new MemoryLogEngine(InstantSource.system());
    private final HeldStore store = new HeldStore(memory.metaStore());
    private final DefinitionSpace space = new DefinitionSpace(1 << 24);
    private final Users users = new Users(store, space);
    private final LiveVirtualHosts hosts = open(store.in(memory));

    @AfterEach
    void close() {
        hosts.close();
        timers.close();
        memory.close();
        owner.close();
    }

    private LiveVirtualHosts open(LogEngine engine) {
        return OwnerThread.await(LiveVirtualHosts.opening(engine,
                engine.metaStore().acquire("test").join(), List.of(owner), InstantSource.system(),
                timers::of, () -> UUID.randomUUID().toString().substring(0, 22),
                new HostOptions(0, null, null, space).with(users)));
    }

    private void grant(String user, String host) {
        var _ = OwnerThread.await(users.setPermissions(user, host,
                Permissions.of(".*", ".*", ".*")));
    }

    private void hasPermissionsIn(String... names) {
        assertThat(users.permissions("maria")).containsOnlyKeys(names);
        assertThat(new Users(store, new DefinitionSpace(1 << 20)).permissions("maria"))
                .as("as stored").containsOnlyKeys(names);
    }

    @Test
    void permissionsGoWithTheHostInOneCommit() {
        List<String> told = new ArrayList<>();
        var _ = OwnerThread.await(users.add("maria", "password"));
        grant("maria", "/");
        long before = space.heldBytes();
        var _ = OwnerThread.await(hosts.create("one"));
        grant("maria", "one");
        var _ = users.onChange(new UserListener() {
            @Override
            public CompletableFuture<Void> deleted(String user) {
                throw new AssertionError(user);
            }

            @Override
            public CompletableFuture<Void> permissionsChanged(String user) {
                told.add(user);
                return CompletableFuture.completedFuture(null);
            }
        });
        for (String kind : List.of("host/", "user/")) {
            store.fail(change -> change.key().startsWith(kind));
            assertThatThrownBy(() -> OwnerThread.await(hosts.delete("one")))
                    .hasStackTraceContaining("not stored, as told");
            hasPermissionsIn("/", "one");
            assertThat(hosts.find("one")).isPresent();
        }
        assertThat(told).isEmpty();
        store.fail(_ -> false);

        var _ = OwnerThread.await(hosts.delete("one"));

        hasPermissionsIn("/");
        assertThat(told).containsExactly("maria");
        assertThat(space.heldBytes()).isEqualTo(before);
        var _ = OwnerThread.await(hosts.create("one"));
        assertThat(users.access("maria", "one")).isEmpty();
    }

    @Test
    void permissionThatIsBeingStoredGoesToo() {
        var _ = OwnerThread.await(hosts.create("one"));
        var _ = OwnerThread.await(users.add("maria", "password"));
        store.hold();
        CompletableFuture<Void> granted = users.setPermissions("maria", "one",
                Permissions.of("", "", ""));
        CompletableFuture<Void> deleted = hosts.delete("one");
        owner.run(() -> {});
        CompletableFuture<Void> later = users.setPermissions("maria", "/",
                Permissions.of("", "", ""));
        store.release();
        var _ = OwnerThread.await(CompletableFuture.allOf(granted, deleted, later));

        hasPermissionsIn("/");
    }

    private void fill(String host) {
        VirtualHost filled = hosts.find(host).orElseThrow();
        List<CompletableFuture<Void>> declared = owner.call(() -> {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int number = 0; number < MANY; number++) {
                all.add(filled.declareExchange(new ExchangeDeclaration(
                        "€".repeat(200) + number, "fanout", true, false, false,
                        FieldTable.EMPTY)));
            }
            return all;
        });
        var _ = OwnerThread.await(
                CompletableFuture.allOf(declared.toArray(CompletableFuture[]::new)));
    }

    /** Deletes a host whose objects the store does not remove; the host is deleted all the same. */
    private void deleteInPart(String host) {
        store.fail(change -> change instanceof Change.Delete
                && change.key().startsWith("vhost/"));
        assertThatThrownBy(() -> OwnerThread.await(hosts.delete(host)))
                .hasStackTraceContaining("not stored, as told");
        assertThat(hosts.find(host)).isEmpty();
        assertThat(memory.metaStore().children("vhost/")).hasSize(MANY);
        store.fail(_ -> false);
    }

    private void isEmpty(LiveVirtualHosts opened, String host) {
        VirtualHost found = opened.find(host).orElseThrow();
        assertThat(owner.call(() -> found.inventory().exchanges()))
                .noneMatch(it -> it.name().startsWith("€"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "/"})
    void hostWithVeryManyObjectsIsDeleted(String host) {
        var _ = OwnerThread.await(hosts.create(host));
        fill(host);

        var _ = OwnerThread.await(hosts.delete(host));

        assertThat(memory.metaStore().children("vhost/")).isEmpty();
        assertThat(memory.metaStore().children("deleted-host/")).isEmpty();
        var _ = OwnerThread.await(hosts.create(host));
        isEmpty(hosts, host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "/"})
    void hostDeletedInPartIsEmptyWhenItIsCreatedAgain(String host) {
        var _ = OwnerThread.await(hosts.create(host));
        fill(host);
        deleteInPart(host);

        var _ = OwnerThread.await(hosts.create(host));

        isEmpty(hosts, host);
        assertThat(memory.metaStore().children("vhost/")).isEmpty();
        assertThat(memory.metaStore().children("deleted-host/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "/"})
    void nextStartDeletesTheRest(String host) {
        var _ = OwnerThread.await(hosts.create(host));
        fill(host);
        deleteInPart(host);

        try (MemoryLogEngine restarted = memory.restart();
                LiveVirtualHosts opened = open(restarted)) {
            assertThat(restarted.metaStore().children("vhost/")).isEmpty();
            assertThat(restarted.metaStore().children("deleted-host/")).isEmpty();
            assertThat(opened.find("one")).isEmpty();
            isEmpty(opened, "/");
        }
    }
}
