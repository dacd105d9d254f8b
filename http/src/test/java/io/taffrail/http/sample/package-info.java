/** Tests of samples and rates. */
@NullMarked
package io.taffrail.http.sample;

import org.jspecify.annotations.NullMarked;
