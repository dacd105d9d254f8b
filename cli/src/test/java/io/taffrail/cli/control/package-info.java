@NullMarked
package io.taffrail.cli.control;

import org.jspecify.annotations.NullMarked;
