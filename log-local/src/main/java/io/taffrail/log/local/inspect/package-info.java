/** Read-only inspection of a stopped data directory: its content, and checks for damage. */
@NullMarked
package io.taffrail.log.local.inspect;

import org.jspecify.annotations.NullMarked;
