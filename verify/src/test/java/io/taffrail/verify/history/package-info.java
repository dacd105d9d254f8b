@NullMarked
package io.taffrail.verify.history;

import org.jspecify.annotations.NullMarked;
