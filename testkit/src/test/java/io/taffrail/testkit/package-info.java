@NullMarked
package io.taffrail.testkit;

import org.jspecify.annotations.NullMarked;
