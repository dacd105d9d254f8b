/** The domain: independent of protocols and engines. */
@NullMarked
package io.taffrail.broker;

import org.jspecify.annotations.NullMarked;
