/**
 * Virtual hosts: the topology of each, and the operations of clients on it. Everything runs on the
 * owner thread of the virtual host, unless it says otherwise.
 */
@NullMarked
package io.taffrail.broker.vhost;

import org.jspecify.annotations.NullMarked;
