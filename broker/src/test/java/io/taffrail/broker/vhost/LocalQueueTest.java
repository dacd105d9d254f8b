package io.taffrail.broker.vhost;

import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The queue contract over the engine on disk. */
class LocalQueueTest extends QueueContract {

    @TempDir
    Path directory = Path.of("");

    private @Nullable LocalLogEngine engine;

    @Override
    Host start() {
        LocalLogEngine opened = LocalLogEngine.open(directory, LocalLogConfig.defaults(),
                InstantSource.system());
        engine = opened;
        return new Host(opened, InstantSource.system());
    }

    @Override
    Host crash(Host before) {
        LocalLogEngine running = engine;
        if (running != null) {
            running.abandon();
        }
        before.abandon();
        return start();
    }

    @Override
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }
}
