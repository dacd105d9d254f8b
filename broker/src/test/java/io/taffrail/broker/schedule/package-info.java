/** Tests of what happens later. */
@NullMarked
package io.taffrail.broker.schedule;

import org.jspecify.annotations.NullMarked;
