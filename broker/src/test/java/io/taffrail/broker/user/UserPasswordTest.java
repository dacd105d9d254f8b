package io.taffrail.broker.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserPasswordTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private final Users users = new Users(engine.metaStore(), DefinitionSpace.ofHeap());

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void keepsAUserOverARestart() {
        users.add("maria", "wonder").join();

        Users after = new Users(engine.metaStore(), DefinitionSpace.ofHeap());

        assertThat(after.accepts("maria", "wonder")).contains(true);
        assertThat(after.accepts("maria", "wunder")).contains(false);
        assertThat(after.accepts("nobody", "wonder")).isEmpty();
    }

    @Test
    void remembersARightPasswordUntilItChanges() {
        users.add("maria", "wonder").join();
        assertThat(users.knows("maria", "wonder")).isFalse();

        assertThat(users.accepts("maria", "wrong")).contains(false);
        assertThat(users.knows("maria", "wrong")).isFalse();
        assertThat(users.accepts("maria", "wonder")).contains(true);
        assertThat(users.knows("maria", "wonder")).isTrue();
        assertThat(users.knows("maria", "wrong")).isFalse();

        users.setPassword("maria", "other").join();
        assertThat(users.knows("maria", "wonder")).isFalse();
        assertThat(users.accepts("maria", "wonder")).contains(false);
        assertThat(users.accepts("maria", "other")).contains(true);
    }

    @Test
    void aUserMadeAnewHasNothingOfTheOldOne() {
        users.add("maria", "wonder").join();
        assertThat(users.accepts("maria", "wonder")).contains(true);
        users.delete("maria").join();
        users.add("maria", "other").join();

        assertThat(users.accepts("maria", "wonder")).contains(false);
    }

    @Test
    void remembersNoMoreThanItsLimit() {
        VerifiedPasswords verified = new VerifiedPasswords();
        PasswordHash hash = PasswordHash.of("wonder");
        for (int i = 0; i <= VerifiedPasswords.MOST; i++) {
            verified.add("user-" + i, hash, "wonder");
        }

        assertThat(verified.knows("user-0", hash, "wonder")).isFalse();
        assertThat(verified.knows("user-1", hash, "wonder")).isTrue();
    }

    @Test
    void readsUsersOfTheFirstFormat() {
        PasswordHash rabbit = PasswordHash
                .parse("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR");
        byte[] stored = new User("maria", rabbit, Map.of(), Set.of()).encode();
        stored[1] = 0;

        User read = User.read("user/maria", stored);

        assertThat(read.passwordHash().matches("test12")).isTrue();
    }

    @Test
    void aDamagedHashIsDamage() {
        byte[] stored = new User("maria", PasswordHash.of("wonder"), Map.of(), Set.of()).encode();
        stored[12] ^= 1;

        assertThatThrownBy(() -> User.read("user/maria", stored))
                .isInstanceOf(LogFailedException.class).hasMessageContaining("user/maria");
    }
}
