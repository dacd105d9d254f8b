@NullMarked
package io.taffrail.kafka.produce;

import org.jspecify.annotations.NullMarked;
