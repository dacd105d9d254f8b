@NullMarked
package io.taffrail.verify.fault;

import org.jspecify.annotations.NullMarked;
