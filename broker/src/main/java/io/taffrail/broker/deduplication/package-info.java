/** De-duplication: the marks of messages seen before. Owner thread only. */
@NullMarked
package io.taffrail.broker.deduplication;

import org.jspecify.annotations.NullMarked;
