/** Tests of fetch sessions and of fetches of many partitions. */
@NullMarked
package io.taffrail.kafka.fetch;

import org.jspecify.annotations.NullMarked;
