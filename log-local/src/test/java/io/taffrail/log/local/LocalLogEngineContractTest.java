package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.contract.LogEngineContract;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.spi.LogEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine contract on disk, with few open files and small journals, so that tests
 * reach their limits.
 */
final class LocalLogEngineContractTest extends LogEngineContract {

    private static final LocalLogConfig CONFIG = RecoveryTest.SMALL;

    @TempDir
    private Path dir;

    private LogEngine start(ManualClock clock) {
        return LocalLogEngine.open(dir, CONFIG, clock);
    }

    @Override
    protected LogEngine open(ManualClock clock) {
        return start(clock);
    }

    @Override
    protected LogEngine reopen(LogEngine closed, ManualClock clock) {
        return start(clock);
    }

    @Override
    protected LogEngine kill(LogEngine running, ManualClock clock) {
        ((LocalLogEngine) running).abandon();
        return start(clock);
    }

    @Override
    protected void quarantine(LogEngine engine, LogId id) {
        ((LocalLogEngine) engine).quarantine(id, new IllegalStateException("asked for"));
    }
}
