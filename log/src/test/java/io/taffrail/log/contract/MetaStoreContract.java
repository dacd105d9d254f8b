package io.taffrail.log.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import io.taffrail.log.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

abstract class MetaStoreContract extends ContractTest {

    @Test
    void aKeyIsCreatedChangedAndDeletedByVersion() {
        assertThat(store().get("k")).isEmpty();
        assertThat(apply(put("k", 0, "one"))).isTrue();
        assertValue("k", "one", 1);
        assertThat(apply(put("k", 0, "again"))).isFalse();
        assertThat(apply(put("k", 2, "again"))).isFalse();
        assertThat(apply(put("k", 1, "two"))).isTrue();
        assertValue("k", "two", 2);
        assertThat(apply(new Change.Delete("k", 1))).isFalse();
        assertThat(apply(new Change.Delete("k", 2))).isTrue();
        assertThat(store().get("k")).isEmpty();
        assertThat(apply(new Change.Delete("k", 2))).isFalse();
        assertThat(apply(put("k", 0, "new"))).isTrue();
    }

    @Test
    void severalChangesHappenTogetherOrNotAtAll() {
        apply(put("a", 0, "1"), put("b", 0, "1"));

        assertThat(apply(put("a", 1, "2"), put("b", 7, "2"), put("c", 0, "2"))).isFalse();
        assertValue("a", "1", 1);
        assertThat(store().get("c")).isEmpty();
        assertThat(apply(put("a", 1, "2"), new Change.Delete("b", 1), put("c", 0, "2"))).isTrue();

        assertValue("a", "2", 2);
        assertThat(store().get("b")).isEmpty();
        assertValue("c", "2", 1);
    }

    @Test
    void childrenAreThoseWithThePrefixInOrder() {
        apply(put("t/b", 0, "2"), put("t/a", 0, "1"), put("t", 0, "0"), put("u/a", 0, "3"),
                put("t/ab", 0, "4"), put("s", 0, "5"));

        assertThat(store().children("t/").keySet()).containsExactly("t/a", "t/ab", "t/b");
        assertThat(store().children("t/").values())
                .extracting(each -> new String(each.value(), UTF_8)).containsExactly("1", "4", "2");
        assertThat(store().children("").keySet()).hasSize(6);
        assertThat(store().children("x")).isEmpty();
    }

    @Test
    void valuesSurviveReopeningAndAKill() {
        apply(put("a", 0, "1"), put("b", 0, "1"));
        apply(put("a", 1, "2"), new Change.Delete("b", 1));
        reopen();
        assertValue("a", "2", 2);
        assertThat(store().get("b")).isEmpty();
        apply(put("a", 2, "3"));

        kill();

        assertValue("a", "3", 3);
    }

    @Test
    void largeAndEmptyValuesAreKept() {
        apply(put("large", 0, "x".repeat(1 << 20)), put("empty", 0, ""));

        reopen();

        assertThat(store().get("large").orElseThrow().value()).hasSize(1 << 20);
        assertThat(store().get("empty").orElseThrow().value()).isEmpty();
    }

    @Test
    void leasesGrowAlsoAcrossReopening() {
        List<Integer> epochs = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            epochs.add(acquire("x").epoch());
            epochs.add(acquire("x").epoch());
            if (round % 2 == 0) {
                reopen();
            } else {
                kill();
            }
        }
        assertThat(epochs).isSorted().doesNotHaveDuplicates();
        assertThat(epochs.getFirst()).isNotNegative();
        assertThat(acquire("x").name()).isEqualTo("x");
    }

    @Test
    void leasesDoNotCollideWithKeys() {
        acquire("name");

        assertThat(store().get("name")).isEmpty();
    }

    @Test
    void watchersSeeChangesInOrder() {
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> last = new CompletableFuture<>();
        Registration registration = store().watch("t/", (key, now) -> {
            seen.add(key + "=" + now.map(it -> new String(it.value(), UTF_8)).orElse("gone"));
            if (key.equals("t/end")) {
                last.complete(null);
            }
        });
        apply(put("t/a", 0, "1"), put("u", 0, "1"), put("t/b", 0, "1"));
        apply(put("t/a", 1, "2"));
        apply(new Change.Delete("t/a", 2));
        apply(put("t/end", 0, ""));
        OwnerThread.await(last);

        assertThat(seen).containsExactly("t/a=1", "t/b=1", "t/a=2", "t/a=gone", "t/end=");
        registration.close();
        registration.close();
    }

    @Test
    void aWatcherMayReadAndChangeTheStore() {
        CompletableFuture<Boolean> changed = new CompletableFuture<>();
        Registration registration = store().watch("in/", (key, now) -> {
            Change change = put("out/" + store().get(key).isPresent(), 0, "");
            CompletableFuture<Void> told = store().apply(List.of(change))
                    .thenAccept(changed::complete);
            assertThat(told).isNotNull();
        });
        apply(put("in/1", 0, ""));

        assertThat(OwnerThread.await(changed)).isTrue();
        assertThat(store().get("out/true")).isPresent();
        registration.close();
    }

    @Test
    void aWatcherThatThrowsHarmsNobody() {
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> last = new CompletableFuture<>();
        Registration failing = store().watch("t/", (key, now) -> {
            seen.add("failing " + key);
            throw new AssertionError("thrown by a test");
        });
        Registration other = store().watch("t/", (key, now) -> {
            seen.add(key);
            if (key.equals("t/end")) {
                last.complete(null);
            }
        });

        assertThat(apply(put("t/a", 0, "1"), put("t/b", 0, "1"))).isTrue();
        assertThat(apply(put("t/end", 0, ""))).isTrue();
        OwnerThread.await(last);

        assertThat(seen).containsExactly("failing t/a", "t/a", "failing t/b", "t/b",
                "failing t/end", "t/end");
        assertThat(store().get("t/b")).isPresent();
        failing.close();
        other.close();
    }

    @Test
    void ofTwoThatRaceOneWins() {
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        for (int index = 0; index < 50; index++) {
            String value = "v" + index;
            results.add(CompletableFuture.supplyAsync(() -> apply(put("k", 0, value))));
        }
        assertThat(results.stream().filter(OwnerThread::await)).hasSize(1);
        assertThat(store().get("k").map(Versioned::version)).isEqualTo(Optional.of(1L));
    }

    private MetaStore store() {
        return engine.metaStore();
    }

    private Lease acquire(String name) {
        return OwnerThread.await(store().acquire(name));
    }

    private boolean apply(Change... changes) {
        return OwnerThread.await(store().apply(List.of(changes)));
    }

    private static Change put(String key, long expectedVersion, String value) {
        return new Change.Put(key, expectedVersion, value.getBytes(UTF_8));
    }

    private void assertValue(String key, String value, long version) {
        Versioned versioned = store().get(key).orElseThrow();
        assertThat(new String(versioned.value(), UTF_8)).isEqualTo(value);
        assertThat(versioned.version()).isEqualTo(version);
    }
}
