/** Tests of the codec: encoding, decoding and malformed input. */
@NullMarked
package io.taffrail.amqp.codec;

import org.jspecify.annotations.NullMarked;
