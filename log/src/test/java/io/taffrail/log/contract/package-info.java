/**
 * The contract every log engine passes: subclass
 * {@link io.taffrail.log.contract.LogEngineContract} in the engine's own tests.
 */
@NullMarked
package io.taffrail.log.contract;

import org.jspecify.annotations.NullMarked;
