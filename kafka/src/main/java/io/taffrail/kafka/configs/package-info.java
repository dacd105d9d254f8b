/** Settings of topics and of the broker as clients see and change them. */
@NullMarked
package io.taffrail.kafka.configs;

import org.jspecify.annotations.NullMarked;
