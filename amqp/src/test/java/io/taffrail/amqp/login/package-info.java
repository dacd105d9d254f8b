/** Passwords and their guessing. */
@NullMarked
package io.taffrail.amqp.login;

import org.jspecify.annotations.NullMarked;
