/** Who may connect: mechanisms of SASL and the users they are checked against. */
@NullMarked
package io.taffrail.amqp.login;

import org.jspecify.annotations.NullMarked;
