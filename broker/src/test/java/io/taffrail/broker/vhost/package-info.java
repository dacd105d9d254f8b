@NullMarked
package io.taffrail.broker.vhost;

import org.jspecify.annotations.NullMarked;
