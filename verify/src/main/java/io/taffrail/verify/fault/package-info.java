/** What is done to the broker, and when. */
@NullMarked
package io.taffrail.verify.fault;

import org.jspecify.annotations.NullMarked;
