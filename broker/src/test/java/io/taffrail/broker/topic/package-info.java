/** Tests of the catalog of topics. */
@NullMarked
package io.taffrail.broker.topic;

import org.jspecify.annotations.NullMarked;
