/** Commands for policies. */
@NullMarked
package io.taffrail.cli.policy;

import org.jspecify.annotations.NullMarked;
