@NullMarked
package io.taffrail.cli.user;

import org.jspecify.annotations.NullMarked;
