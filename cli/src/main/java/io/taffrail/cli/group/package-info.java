/** Commands for consumer groups. */
@NullMarked
package io.taffrail.cli.group;

import org.jspecify.annotations.NullMarked;
