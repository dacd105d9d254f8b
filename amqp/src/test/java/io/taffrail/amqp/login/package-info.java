/** Tests of password checks and login delays. */
@NullMarked
package io.taffrail.amqp.login;

import org.jspecify.annotations.NullMarked;
