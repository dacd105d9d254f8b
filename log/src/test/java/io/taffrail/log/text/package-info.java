/** Tests of the display of clients' text. */
@org.jspecify.annotations.NullMarked
package io.taffrail.log.text;
