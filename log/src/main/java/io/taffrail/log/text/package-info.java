/** Display of text that comes from clients. Safe for any thread. */
@NullMarked
package io.taffrail.log.text;

import org.jspecify.annotations.NullMarked;
