/**
 * The contract that every log engine passes.
 * The engine's own tests extend {@link io.taffrail.log.contract.LogEngineContract}.
 */
@NullMarked
package io.taffrail.log.contract;

import org.jspecify.annotations.NullMarked;
