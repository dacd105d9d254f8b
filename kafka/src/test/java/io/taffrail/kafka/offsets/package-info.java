@NullMarked
package io.taffrail.kafka.offsets;

import org.jspecify.annotations.NullMarked;
