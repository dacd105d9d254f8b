/** Commands for virtual hosts. */
@NullMarked
package io.taffrail.cli.vhost;

import org.jspecify.annotations.NullMarked;
