/** Tests of error codes, of scheduling on worker threads and of limits on concurrent changes. */
@NullMarked
package io.taffrail.kafka.api;

import org.jspecify.annotations.NullMarked;
