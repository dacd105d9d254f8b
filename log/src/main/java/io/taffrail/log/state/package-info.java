/**
 * What a log knows beyond its bytes: epochs, producers, open and aborted transactions. The same for
 * every engine.
 */
@NullMarked
package io.taffrail.log.state;

import org.jspecify.annotations.NullMarked;
