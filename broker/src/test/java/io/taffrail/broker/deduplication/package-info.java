/** Tests of de-duplication marks. */
@NullMarked
package io.taffrail.broker.deduplication;

import org.jspecify.annotations.NullMarked;
