/** JSON (RFC 8259) for command input and output: one value per line. */
@NullMarked
package io.taffrail.net.json;

import org.jspecify.annotations.NullMarked;
