/** Reports of findings, as text and as JSON. */
@NullMarked
package io.taffrail.verify.report;

import org.jspecify.annotations.NullMarked;
