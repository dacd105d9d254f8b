/** Tests of the domain over logs in memory. */
@NullMarked
package io.taffrail.broker;

import org.jspecify.annotations.NullMarked;
