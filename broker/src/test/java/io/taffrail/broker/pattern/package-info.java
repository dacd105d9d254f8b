/** Tests of regular expressions from users, at a bounded cost. */
@NullMarked
package io.taffrail.broker.pattern;

import org.jspecify.annotations.NullMarked;
