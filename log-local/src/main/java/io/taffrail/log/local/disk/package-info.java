/**
 * The files an engine writes, behind an interface so that a simulated disk can take their place.
 */
@NullMarked
package io.taffrail.log.local.disk;

import org.jspecify.annotations.NullMarked;
