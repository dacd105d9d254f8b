@NullMarked
package io.taffrail.testkit.cli;

import org.jspecify.annotations.NullMarked;
