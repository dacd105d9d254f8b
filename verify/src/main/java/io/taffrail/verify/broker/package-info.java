/** Control of the broker under test: starting, stopping, freezing and killing its processes. */
@NullMarked
package io.taffrail.verify.broker;

import org.jspecify.annotations.NullMarked;
