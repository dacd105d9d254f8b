package io.taffrail.log.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {

    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void passesOnWhatWasThrownAndGoesOn() {
        AssertionError thrown = new AssertionError("an invariant");
        boolean done = Guard.run(() -> {
            throw thrown;
        }, failures::add);
        assertThat(done).isFalse();
        assertThat(failures).containsExactly(thrown);
        assertThat(Guard.run(() -> {}, failures::add)).isTrue();
    }

    @Test
    void outlivesAHandlerThatThrows() {
        boolean done = Guard.run(() -> {
            throw new IllegalStateException("first");
        }, _ -> {
            throw new IllegalStateException("second");
        });
        assertThat(done).isFalse();
    }

    @Test
    void endsTheProcessForAnErrorOfTheVirtualMachine() {
        OutOfMemoryError thrown = new OutOfMemoryError("Java heap space");
        List<String> reasons = new ArrayList<>();
        assertThatThrownBy(() -> FailStop.within((reason, _) -> reasons.add(reason),
                () -> Guard.run(() -> {
                    throw thrown;
                }, failures::add))).isSameAs(thrown);
        assertThat(reasons).containsExactly("Java heap space");
        assertThat(failures).isEmpty();
    }

    /** Stands in for Netty's error class, which this module does not depend on. */
    private static final class OutOfDirectMemoryError extends OutOfMemoryError {
        private static final long serialVersionUID = 1;
    }

    @Test
    void takesARefusedDirectAllocationForAFailureOfItsOwn() {
        assertThat(FailStop.isFatal(new OutOfDirectMemoryError())).isFalse();
        assertThat(FailStop.isFatal(new StackOverflowError())).isTrue();
        assertThat(FailStop.isFatal(new IllegalStateException())).isFalse();
    }
}
