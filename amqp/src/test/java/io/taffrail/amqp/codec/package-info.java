/** Bytes to records and back, and what malformed bytes come to. */
@NullMarked
package io.taffrail.amqp.codec;

import org.jspecify.annotations.NullMarked;
