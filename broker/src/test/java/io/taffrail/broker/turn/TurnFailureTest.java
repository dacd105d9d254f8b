package io.taffrail.broker.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.WritableLog;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The outcome of a turn when the journal fails during it. */
class TurnFailureTest {

    private final CompletableFuture<Void> durable = new CompletableFuture<>();

    /** A member whose append has an unknown outcome. */
    private final class Member extends TurnMember {

        private final WritableLog log = (WritableLog) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[]{WritableLog.class},
                (proxy, method, arguments) -> new AppendResult.Stored(0, 0, durable));

        @Override
        protected void collect(TurnAppends appends) {
            appends.add(this, log, ByteBuffer.allocate(1));
        }

        @Override
        protected void stored(AppendResult.Stored result) {
            // This member has no state.
        }

        @Override
        protected void refused(AppendResult.Refused refusal) {
            throw new AssertionError(refusal);
        }
    }

    @Test
    void publishersAndHostAreToldOfAFailedJournal() {
        List<String> told = new ArrayList<>();
        try (MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
                OwnerThread owner = new OwnerThread()) {
            owner.run(() -> {
                Turn turn = new Turn(failed(engine), owner, (_, _) -> () -> {});
                turn.onFailure(detail -> told.add("host: " + detail));
                turn.listen(new TurnListener() {
                    @Override
                    public void durable() {
                        told.add("durable");
                    }

                    @Override
                    public void failed(String detail) {
                        told.add("publisher: " + detail);
                    }
                });
                turn.join(new Member(), 1);
                turn.flush();
                durable.completeExceptionally(new IllegalStateException("no disk"));
            });
        }
        assertThat(told).containsExactly("publisher: no disk", "host: no disk");
    }

    /** Wraps an engine so that its logs refuse every append. */
    private static LogEngine failed(LogEngine engine) {
        return (LogEngine) Proxy.newProxyInstance(TurnFailureTest.class.getClassLoader(),
                new Class<?>[]{LogEngine.class},
                (_, method, arguments) -> method.getName().equals("failure")
                        ? Optional.of("no disk")
                        : method.invoke(engine, arguments));
    }
}
