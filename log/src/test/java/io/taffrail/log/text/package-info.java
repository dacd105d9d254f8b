/** Tests of how text of clients is shown. */
@org.jspecify.annotations.NullMarked
package io.taffrail.log.text;
