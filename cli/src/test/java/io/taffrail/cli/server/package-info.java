@NullMarked
package io.taffrail.cli.server;

import org.jspecify.annotations.NullMarked;
