package io.taffrail.broker.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Registration;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UsersTest {

    private final MetaStore store = new MemoryLogEngine(InstantSource.system()).metaStore();
    private final Users users = new Users(store, DefinitionSpace.ofHeap());
    private final List<String> told = new ArrayList<>();

    private final class Listener implements UserListener {

        private final CompletableFuture<Void> done;

        Listener(CompletableFuture<Void> done) {
            this.done = done;
        }

        @Override
        public CompletableFuture<Void> deleted(String user) {
            told.add("deleted " + user + (users.has(user) ? " too early" : ""));
            return done;
        }

        @Override
        public CompletableFuture<Void> permissionsChanged(String user) {
            told.add("changed " + user);
            return done;
        }
    }

    @Test
    void changesAreReportedWhenListenersAreDoneWithThem() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        users.add("maria", "pw").join();
        Registration registration = users.onChange(new Listener(done));

        CompletableFuture<Void> granted = users.setPermissions("maria", "/",
                Permissions.of("", "", ""));
        CompletableFuture<Void> deleted = users.delete("maria");

        assertThat(told).containsExactly("changed maria", "deleted maria");
        assertThat(granted).isNotDone();
        assertThat(deleted).isNotDone();
        done.complete(null);
        granted.join();
        deleted.join();
        registration.close();
        users.add("maria", "pw").join();
        assertThat(told).hasSize(2);
    }

    @Test
    void listenerThatFailsKeepsNobodyFromBeingTold() {
        users.add("maria", "pw").join();
        users.onChange(new UserListener() {
            @Override
            public CompletableFuture<Void> deleted(String user) {
                throw new IllegalStateException("thrown by a test");
            }

            @Override
            public CompletableFuture<Void> permissionsChanged(String user) {
                throw new IllegalStateException("thrown by a test");
            }
        });
        users.onChange(new Listener(CompletableFuture.completedFuture(null)));

        users.delete("maria").join();

        assertThat(told).containsExactly("deleted maria");
    }

    @Test
    void missingUserIsNobodysNews() {
        users.onChange(new Listener(CompletableFuture.completedFuture(null)));

        assertThatThrownBy(() -> users.delete("maria").join())
                .hasCauseInstanceOf(BrokerException.class);
        assertThatThrownBy(() -> users.clearPermissions("maria", "/").join())
                .hasCauseInstanceOf(BrokerException.class);

        assertThat(told).isEmpty();
    }

    @Test
    void patternThatCouldBacktrackIsRefusedWhenItIsSet() {
        assertThatThrownBy(() -> Permissions.of("(?=a)", "", ""))
                .isInstanceOf(BrokerException.class).hasMessageContaining("invalid regexp '(?=a)'");
    }

    @Test
    void storedPatternThatCannotBeUsedAnyMoreAllowsNothing() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(new byte[]{1, 0});
            out.writeUTF("maria");
            out.writeByte(36);
            out.write(new byte[36]);
            out.writeShort(1);
            out.writeUTF("/");
            out.writeUTF("(?!x)");
            out.writeUTF(".*");
            out.writeUTF("");
        }
        store.apply(List.of(new MetaStore.Change.Put("user/maria", 0, bytes.toByteArray()))).join();

        Users reopened = new Users(store, DefinitionSpace.ofHeap());

        assertThat(reopened.allows("maria", "/", Permission.WRITE, "q")).isTrue();
        assertThat(reopened.allows("maria", "/", Permission.CONFIGURE, "q")).isFalse();
        assertThat(reopened.permissions("maria")).hasEntrySatisfying("/",
                granted -> assertThat(granted.configure().text()).isEqualTo("(?!x)"));
    }
}
