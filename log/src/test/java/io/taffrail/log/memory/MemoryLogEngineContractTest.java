package io.taffrail.log.memory;

import io.taffrail.log.LogId;
import io.taffrail.log.contract.LogEngineContract;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.spi.LogEngine;

class MemoryLogEngineContractTest extends LogEngineContract {

    @Override
    protected LogEngine open(ManualClock clock) {
        return new MemoryLogEngine(clock);
    }

    @Override
    protected LogEngine reopen(LogEngine closed, ManualClock clock) {
        return ((MemoryLogEngine) closed).restart();
    }

    @Override
    protected LogEngine kill(LogEngine running, ManualClock clock) {
        return ((MemoryLogEngine) running).restart();
    }

    @Override
    protected void quarantine(LogEngine engine, LogId id) {
        ((MemoryLogEngine) engine).quarantine(id, "asked for");
    }
}
