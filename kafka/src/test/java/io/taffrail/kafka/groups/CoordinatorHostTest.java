package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.junit.jupiter.api.Test;

class CoordinatorHostTest {

    @Test
    void aProcessThatEndsHasNoCoordinator() {
        var refused = new IllegalStateException("Shutdown in progress");

        assertThatThrownBy(() -> CoordinatorHost.unlessEnding(() -> {
            throw new ExceptionInInitializerError(refused);
        })).isInstanceOf(CoordinatorNotAvailableException.class);
    }

    @Test
    void otherFailuresOfAClassAreNotHidden() {
        var bug = new ExceptionInInitializerError(new ArithmeticException());

        assertThatThrownBy(() -> CoordinatorHost.unlessEnding(() -> {
            throw bug;
        })).isSameAs(bug);
        assertThat(CoordinatorHost.unlessEnding(() -> "started")).isEqualTo("started");
    }
}
