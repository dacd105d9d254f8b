@NullMarked
package io.taffrail.verify.check;

import org.jspecify.annotations.NullMarked;
