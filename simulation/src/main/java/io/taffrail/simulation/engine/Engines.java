package io.taffrail.simulation.engine;

import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.spi.LogEngine;
import java.nio.file.Path;

/** A factory of the engine under test; tests of the simulation supply mutants. */
@FunctionalInterface
public interface Engines {

    LogEngine open(Path directory, LocalLogConfig config, Environment environment);
}
