/** The process under test: how it is started, stopped, frozen and killed. */
@NullMarked
package io.taffrail.verify.broker;

import org.jspecify.annotations.NullMarked;
