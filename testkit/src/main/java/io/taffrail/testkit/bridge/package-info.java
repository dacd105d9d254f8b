/**
 * Types shared by the user's and the broker's classes; they refer to JDK types only. A separate
 * class loader loads everything else of the broker. Not for users.
 */
@NullMarked
package io.taffrail.testkit.bridge;

import org.jspecify.annotations.NullMarked;
