/** Tests of error codes. */
@NullMarked
package io.taffrail.kafka.api;

import org.jspecify.annotations.NullMarked;
