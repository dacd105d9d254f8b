/** Regular expressions from users, at a bounded cost. Safe for any thread. */
@NullMarked
package io.taffrail.broker.pattern;

import org.jspecify.annotations.NullMarked;
