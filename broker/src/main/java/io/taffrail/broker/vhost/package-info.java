/**
 * Virtual hosts: the topology of one and the door to it. Everything runs on the owner thread of the
 * virtual host, unless it says otherwise.
 */
@NullMarked
package io.taffrail.broker.vhost;

import org.jspecify.annotations.NullMarked;
