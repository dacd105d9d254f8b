/** Tests of timers and steps. */
@NullMarked
package io.taffrail.broker.schedule;

import org.jspecify.annotations.NullMarked;
