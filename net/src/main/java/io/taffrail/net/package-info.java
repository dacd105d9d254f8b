/**
 * The event loops that every protocol head serves its sockets on, seen by the domain as owners of
 * logs.
 */
@NullMarked
package io.taffrail.net;

import org.jspecify.annotations.NullMarked;
