package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogEngine.CommitResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit with an unknown outcome ends a virtual host only if the engine has failed. */
class OneLogFailsTest {

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine memory = new MemoryLogEngine(time);
    private boolean commitsFail;
    private boolean engineFailed;
    private final SteppedHost host = new SteppedHost(failing(), time);
    private final List<String> ended = new ArrayList<>();

    private LogEngine failing() {
        return (LogEngine) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{LogEngine.class}, (_, method, arguments) -> {
                    if (method.getName().equals("failure") && engineFailed) {
                        return Optional.of("as told");
                    }
                    try {
                        Object result = method.invoke(memory, arguments);
                        return commitsFail && result instanceof CommitResult.Committed committed
                                ? new CommitResult.Committed(committed.results(),
                                        CompletableFuture.failedFuture(
                                                new LogFailedException("one log failed")))
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void declare() {
        for (String queue : List.of("a", "b")) {
            host.declare(queue, Map.of());
            var _ = host.await(host.api().bind(
                    new Binding("amq.fanout", queue, true, "", FieldTable.EMPTY),
                    SteppedHost.SESSION));
        }
        var _ = host.api().onEnd(new EndListener() {
            @Override
            public void deleted() {
                ended.add("deleted");
            }

            @Override
            public void failed(String detail) {
                ended.add(detail);
            }
        });
        commitsFail = true;
    }

    private boolean publish() {
        return host.publish("amq.fanout", "", "m", Properties.none());
    }

    @Test
    void aLogThatFailsRejectsAndTheHostGoesOn() {
        assertThat(publish()).isFalse();
        commitsFail = false;

        assertThat(publish()).isTrue();
        assertThat(ended).isEmpty();
    }

    @Test
    void anEngineThatFailsEndsTheHost() {
        engineFailed = true;

        assertThat(publish()).isFalse();
        assertThat(ended).isNotEmpty();
    }
}
