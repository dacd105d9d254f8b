package io.taffrail.log.contract;

import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogEngine;
import org.junit.jupiter.api.Nested;

/**
 * What every engine must do. An engine's test extends it and says how to open the engine and how to
 * open it again; each test begins with {@link #open} and ends with the engine closed.
 */
public abstract class LogEngineContract {

    /** An engine on new, empty storage. */
    protected abstract LogEngine open(ManualClock clock);

    /** A new engine on the storage of {@code closed}, which has been closed. */
    protected abstract LogEngine reopen(LogEngine closed, ManualClock clock);

    /**
     * A new engine on what would be left if the process of {@code running} were killed now. An
     * engine
     * that cannot be killed in its own process closes instead.
     */
    protected LogEngine kill(LogEngine running, ManualClock clock) {
        running.close();
        return reopen(running, clock);
    }

    /** Quarantines an open log as a failure of its own code does. */
    protected abstract void quarantine(LogEngine engine, LogId id);

    @Nested
    class Appends extends AppendContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Reads extends ReadContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Times extends TimeContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Epochs extends EpochContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Producers extends ProducerContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Transactions extends TransactionContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Space extends SpaceContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Erasing extends EraseContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Commits extends CommitContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Logs extends LogsContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Quarantines extends QuarantineContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Meta extends MetaStoreContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }

    @Nested
    class Random extends RandomOperationsContract {
        @Override
        LogEngineContract engines() {
            return LogEngineContract.this;
        }
    }
}
