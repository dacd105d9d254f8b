@NullMarked
package io.taffrail.cli.json;

import org.jspecify.annotations.NullMarked;
