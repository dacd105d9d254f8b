/** An in-process broker for tests. */
@NullMarked
package io.taffrail.testkit;

import org.jspecify.annotations.NullMarked;
