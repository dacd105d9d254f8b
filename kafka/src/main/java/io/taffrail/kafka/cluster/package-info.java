/** Requests about the node itself: supported versions, metadata, and the cluster of one node. */
@NullMarked
package io.taffrail.kafka.cluster;

import org.jspecify.annotations.NullMarked;
