/** The users of the broker and their permissions. Safe for any thread. */
@NullMarked
package io.taffrail.broker.user;

import org.jspecify.annotations.NullMarked;
