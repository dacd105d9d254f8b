/**
 * Messages in the domain: the exchange and key of publication, the properties in their typed binary
 * form, the body, and the mapping to a record of a log.
 */
@NullMarked
package io.taffrail.broker.message;

import org.jspecify.annotations.NullMarked;
