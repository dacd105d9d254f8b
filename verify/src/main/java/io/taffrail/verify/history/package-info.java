/** Histories: the requests of clients and the responses of the broker, as a file of JSON lines. */
@NullMarked
package io.taffrail.verify.history;

import org.jspecify.annotations.NullMarked;
