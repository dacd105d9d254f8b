/**
 * The words of the log: identities, options and results shared by every engine and by the domain
 * above it.
 */
@NullMarked
package io.taffrail.log;

import org.jspecify.annotations.NullMarked;
