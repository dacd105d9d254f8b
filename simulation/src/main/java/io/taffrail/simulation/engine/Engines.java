package io.taffrail.simulation.engine;

import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.spi.LogEngine;
import java.nio.file.Path;

/** Opens the engine under test; a mutant takes its place in a test of the simulation. */
@FunctionalInterface
public interface Engines {

    LogEngine open(Path directory, LocalLogConfig config, Environment environment);
}
