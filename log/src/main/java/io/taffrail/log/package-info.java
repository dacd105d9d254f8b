/** Types shared by every log engine and by the domain above it: identities, options and results. */
@NullMarked
package io.taffrail.log;

import org.jspecify.annotations.NullMarked;
