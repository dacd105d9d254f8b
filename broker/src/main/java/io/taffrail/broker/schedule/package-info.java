/** Time: timers, and work in steps, on an owner's thread. */
@NullMarked
package io.taffrail.broker.schedule;

import org.jspecify.annotations.NullMarked;
