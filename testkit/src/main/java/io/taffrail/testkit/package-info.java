/**
 * Brokers for tests: in this process ({@link io.taffrail.testkit.TaffrailBroker}), as a JUnit
 * extension ({@link io.taffrail.testkit.TaffrailExtension}), or as a child process that can be
 * killed ({@link io.taffrail.testkit.ForkedBroker}).
 */
@NullMarked
package io.taffrail.testkit;

import org.jspecify.annotations.NullMarked;
