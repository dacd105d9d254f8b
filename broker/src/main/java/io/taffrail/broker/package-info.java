/** The domain: neutral to protocols and engines. */
@NullMarked
package io.taffrail.broker;

import org.jspecify.annotations.NullMarked;
