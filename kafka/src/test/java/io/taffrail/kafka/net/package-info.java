/** Tests of frames, limits and responses. */
@NullMarked
package io.taffrail.kafka.net;

import org.jspecify.annotations.NullMarked;
