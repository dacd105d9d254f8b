/** Groups of log readers with stored offsets, as an operator sees them. Speaks no protocol. */
@NullMarked
package io.taffrail.broker.group;

import org.jspecify.annotations.NullMarked;
