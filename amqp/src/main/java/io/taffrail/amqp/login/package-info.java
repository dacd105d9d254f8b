/** Authentication: SASL mechanisms, users and delays after failed logins. */
@NullMarked
package io.taffrail.amqp.login;

import org.jspecify.annotations.NullMarked;
