/**
 * Containment of failures. {@link io.taffrail.log.guard.Guard} runs every task, listener and
 * callback and confines a failure to the part that failed; {@link io.taffrail.log.guard.FailStop}
 * ends a process whose state can no longer be trusted. Safe for any thread.
 */
@NullMarked
package io.taffrail.log.guard;

import org.jspecify.annotations.NullMarked;
