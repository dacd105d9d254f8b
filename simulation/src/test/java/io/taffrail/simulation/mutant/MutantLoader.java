package io.taffrail.simulation.mutant;

import io.taffrail.simulation.world.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/**
 * Loads engine, broker, heads and simulation a second time, with one class changed; everything else
 * comes
 * from the test's own loader.
 */
final class MutantLoader extends ClassLoader {

    private final List<Mutation> mutations;
    private final String run;
    private boolean changed;

    /**
     * @param run
     *            name of the class of a run that a seed makes
     */
    MutantLoader(List<Mutation> mutations, String run) {
        super(MutantLoader.class.getClassLoader());
        this.mutations = mutations;
        this.run = run;
    }

    /** Whether a mutated class has been loaded. */
    boolean hasChanged() {
        return changed;
    }

    /** A run of the mutant from a seed. */
    Run run(long seed) {
        try {
            return (Run) loadClass(run).getConstructor(long.class).newInstance(seed);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shared with the test: what a run is, and what it records. */
    private static boolean isShared(String name) {
        return name.equals(Run.class.getName())
                || name.startsWith("io.taffrail.simulation.world.Trace")
                || name.equals("io.taffrail.simulation.world.Violation")
                || !(name.startsWith("io.taffrail.log.")
                        || name.startsWith("io.taffrail.broker.")
                        || name.startsWith("io.taffrail.net.")
                        || name.startsWith("io.taffrail.kafka.")
                        || name.startsWith("io.taffrail.amqp.")
                        || name.startsWith("io.taffrail.simulation."));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent()
                .getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            for (Mutation mutation : mutations) {
                if (name.equals(mutation.type())) {
                    bytes = mutation.applyTo(bytes);
                    changed = true;
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
