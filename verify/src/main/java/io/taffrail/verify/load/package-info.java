/** What a workload is, whatever protocol it speaks. */
@NullMarked
package io.taffrail.verify.load;

import org.jspecify.annotations.NullMarked;
