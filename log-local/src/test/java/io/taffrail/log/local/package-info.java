/** Tests of the local engine. */
@NullMarked
package io.taffrail.log.local;

import org.jspecify.annotations.NullMarked;
