/** Topics and their partitions: the catalog, settings, creation and deletion, retention. */
@NullMarked
package io.taffrail.broker.topic;

import org.jspecify.annotations.NullMarked;
