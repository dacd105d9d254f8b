/** Regular expressions of users, at a bounded cost. */
@NullMarked
package io.taffrail.broker.pattern;

import org.jspecify.annotations.NullMarked;
