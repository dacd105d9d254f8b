package io.taffrail.log.contract;

import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogEngine;
import org.junit.jupiter.api.Nested;

/**
 * The contract of every log engine. An engine's test extends this class and implements the opening
 * and reopening of the engine. Each test begins with {@link #open} and ends with the engine closed.
 */
public abstract class LogEngineContract {

    /** Returns an engine on new, empty storage. */
    protected abstract LogEngine open(ManualClock clock);

    /** Returns a new engine on the storage of {@code closed}, which has been closed. */
    protected abstract LogEngine reopen(LogEngine closed, ManualClock clock);

    /**
     * Returns a new engine on the storage that would be left if the process of {@code running} were
     * killed now. An engine that cannot be killed within its process closes instead.
     */
    protected LogEngine kill(LogEngine running, ManualClock clock) {
        running.close();
        return reopen(running, clock);
    }

    /** Quarantines an open log, as a failure of the log's own code does. */
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
