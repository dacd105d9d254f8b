@NullMarked
package io.taffrail.cli.status;

import org.jspecify.annotations.NullMarked;
