/** The broker's side of the bridge. Only the broker's class loader loads it. */
@NullMarked
package io.taffrail.testkit.embedded;

import org.jspecify.annotations.NullMarked;
