/** How text of clients is shown to people. Safe for any thread. */
@NullMarked
package io.taffrail.log.text;

import org.jspecify.annotations.NullMarked;
