/** File access of the engine, behind an interface so that a simulated disk can replace it. */
@NullMarked
package io.taffrail.log.local.disk;

import org.jspecify.annotations.NullMarked;
