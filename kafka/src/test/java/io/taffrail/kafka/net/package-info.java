/** Tests of frames, bounds and responses. */
@NullMarked
package io.taffrail.kafka.net;

import org.jspecify.annotations.NullMarked;
