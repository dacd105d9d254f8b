/** De-duplication: marks of messages that were seen. Owner thread only. */
@NullMarked
package io.taffrail.broker.deduplication;

import org.jspecify.annotations.NullMarked;
