/** Tests of the state that is derived from a log's batches. */
@NullMarked
package io.taffrail.log.state;

import org.jspecify.annotations.NullMarked;
