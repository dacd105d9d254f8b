/** Creation, extension and deletion of topics by admin clients. */
@NullMarked
package io.taffrail.kafka.topics;

import org.jspecify.annotations.NullMarked;
