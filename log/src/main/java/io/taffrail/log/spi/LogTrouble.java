package io.taffrail.log.spi;

import io.taffrail.log.LogId;
import java.time.Instant;
import java.util.Optional;

/**
 * Background work on one log that fails at present. Appends, reads and all other logs go on.
 *
 * @param work
 *            what fails: {@code "compaction"} or {@code "erasure"}
 * @param since
 *            time of the first failure in a row
 * @param cause
 *            of the last one
 * @param nextTry
 *            when it is tried again; empty if a restart or an operator's command has to come first
 */
public record LogTrouble(LogId log, String work, Instant since, String cause,
        Optional<Instant> nextTry) {}
