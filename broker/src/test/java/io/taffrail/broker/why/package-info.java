/** Tests of io.taffrail.broker.why. */
@NullMarked
package io.taffrail.broker.why;

import org.jspecify.annotations.NullMarked;
