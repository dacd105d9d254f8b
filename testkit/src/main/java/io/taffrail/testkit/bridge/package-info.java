/**
 * The types that the user's classes and the broker's classes have in common; of the JDK's types
 * only. Everything else of the broker is loaded by a class loader of its own. Not for users.
 */
@NullMarked
package io.taffrail.testkit.bridge;

import org.jspecify.annotations.NullMarked;
