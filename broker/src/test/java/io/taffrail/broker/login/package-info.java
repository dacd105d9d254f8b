/** Tests of password checks and login delays. */
@NullMarked
package io.taffrail.broker.login;

import org.jspecify.annotations.NullMarked;
