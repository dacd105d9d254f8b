/** Settings of topics and of the broker, as clients read and change them. */
@NullMarked
package io.taffrail.kafka.configs;

import org.jspecify.annotations.NullMarked;
