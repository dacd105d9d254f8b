/** Users of the broker and what they may do. Safe for any thread. */
@NullMarked
package io.taffrail.broker.user;

import org.jspecify.annotations.NullMarked;
