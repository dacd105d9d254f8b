/** Tests of the batch format, with Kafka's own classes as the second opinion. */
@NullMarked
package io.taffrail.log.batch;

import org.jspecify.annotations.NullMarked;
