/** SASL mechanisms. */
@NullMarked
package io.taffrail.amqp.login;

import org.jspecify.annotations.NullMarked;
