/** Topics and their settings as an admin client sees them. */
@NullMarked
package io.taffrail.kafka.topics;

import org.jspecify.annotations.NullMarked;
