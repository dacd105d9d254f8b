/** Tests of fetch sessions. */
@NullMarked
package io.taffrail.kafka.fetch;

import org.jspecify.annotations.NullMarked;
