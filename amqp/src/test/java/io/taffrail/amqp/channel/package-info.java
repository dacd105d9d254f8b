@NullMarked
package io.taffrail.amqp.channel;

import org.jspecify.annotations.NullMarked;
