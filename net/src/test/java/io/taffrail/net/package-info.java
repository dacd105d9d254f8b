@NullMarked
package io.taffrail.net;

import org.jspecify.annotations.NullMarked;
