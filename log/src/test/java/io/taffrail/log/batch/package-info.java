/** Tests of the batch format, and comparison with Kafka's own classes. */
@NullMarked
package io.taffrail.log.batch;

import org.jspecify.annotations.NullMarked;
