/** Tests of the source itself: the arrows between modules, and tidiness. */
@NullMarked
package io.taffrail.cli.house;

import org.jspecify.annotations.NullMarked;
