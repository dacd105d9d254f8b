/** JSON (RFC 8259) for command input and output: one value per line. */
@NullMarked
package io.taffrail.cli.json;

import org.jspecify.annotations.NullMarked;
