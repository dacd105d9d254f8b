/** What the node says of itself: versions, metadata, the cluster of one. */
@NullMarked
package io.taffrail.kafka.cluster;

import org.jspecify.annotations.NullMarked;
