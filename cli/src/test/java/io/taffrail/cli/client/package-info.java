@NullMarked
package io.taffrail.cli.client;

import org.jspecify.annotations.NullMarked;
