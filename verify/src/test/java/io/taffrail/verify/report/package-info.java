@NullMarked
package io.taffrail.verify.report;

import org.jspecify.annotations.NullMarked;
