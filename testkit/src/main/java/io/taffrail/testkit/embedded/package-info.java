/** The broker's side of the bridge: loaded by the broker's class loader only. */
@NullMarked
package io.taffrail.testkit.embedded;

import org.jspecify.annotations.NullMarked;
