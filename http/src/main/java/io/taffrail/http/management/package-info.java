/**
 * RabbitMQ's management API: paths, field names and errors as RabbitMQ's own. Called on virtual
 * threads; work on a virtual host is handed to its owner.
 */
@NullMarked
package io.taffrail.http.management;

import org.jspecify.annotations.NullMarked;
