/** Commands for topics. */
@NullMarked
package io.taffrail.cli.topic;

import org.jspecify.annotations.NullMarked;
