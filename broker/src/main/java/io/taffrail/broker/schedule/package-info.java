/** Time: what has to happen later, on an owner's thread. */
@NullMarked
package io.taffrail.broker.schedule;

import org.jspecify.annotations.NullMarked;
