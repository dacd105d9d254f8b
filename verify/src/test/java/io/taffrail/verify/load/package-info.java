@NullMarked
package io.taffrail.verify.load;

import org.jspecify.annotations.NullMarked;
