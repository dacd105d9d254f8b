package io.taffrail.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Violation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs seeds on a mutant until one fails. */
final class Mutants {

    private static final Logger LOG = LoggerFactory.getLogger(Mutants.class);

    private Mutants() {}

    static void requireCaught(String what, Mutation mutation, String runs, int seeds) {
        requireCaught(what, List.of(mutation), runs, seeds);
    }

    static void requireCaught(String what, List<Mutation> mutations, String runs, int seeds) {
        MutantLoader loader = new MutantLoader(mutations, runs);
        for (long seed = 1; seed <= seeds; seed++) {
            Run run = loader.run(seed);
            try {
                run.run();
            } catch (Violation e) {
                assertThat(loader.hasChanged()).isTrue();
                LOG.info("{}: shown by seed {}: {}", what, seed, e.getMessage());
                return;
            }
        }
        throw new AssertionError(seeds + " seeds did not show that " + what);
    }
}
