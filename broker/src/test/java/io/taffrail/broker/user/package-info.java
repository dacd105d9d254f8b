/** Users of the broker and what they may do. */
@NullMarked
package io.taffrail.broker.user;

import org.jspecify.annotations.NullMarked;
