/** Tests of groups over an engine in memory. */
@NullMarked
package io.taffrail.kafka.groups;

import org.jspecify.annotations.NullMarked;
