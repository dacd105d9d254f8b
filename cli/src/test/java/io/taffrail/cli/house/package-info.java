/** Tests of the source tree: dependencies between modules, and tidiness. */
@NullMarked
package io.taffrail.cli.house;

import org.jspecify.annotations.NullMarked;
