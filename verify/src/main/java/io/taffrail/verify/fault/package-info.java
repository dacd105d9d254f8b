/** The faults that are injected into the broker, and their schedule. */
@NullMarked
package io.taffrail.verify.fault;

import org.jspecify.annotations.NullMarked;
