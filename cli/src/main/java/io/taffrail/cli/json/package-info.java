/** JSON (RFC 8259) for what the commands print and read: lines of objects, nothing more. */
@NullMarked
package io.taffrail.cli.json;

import org.jspecify.annotations.NullMarked;
