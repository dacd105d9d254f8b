/**
 * HTTP/1.1 over the shared event loops. A connection's loop receives one request at a time; a
 * virtual thread checks rights, calls the route and writes the answer in chunks.
 */
@NullMarked
package io.taffrail.http.server;

import org.jspecify.annotations.NullMarked;
