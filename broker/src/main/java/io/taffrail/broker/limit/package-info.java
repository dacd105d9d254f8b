/** Limits that operators set for virtual hosts and users. Safe for any thread. */
@NullMarked
package io.taffrail.broker.limit;

import org.jspecify.annotations.NullMarked;
