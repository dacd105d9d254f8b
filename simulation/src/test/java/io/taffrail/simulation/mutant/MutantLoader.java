package io.taffrail.simulation.mutant;

import io.taffrail.simulation.world.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/**
 * A class loader that loads engine, broker, heads and simulation a second time with some classes
 * mutated; the test's own loader supplies the rest.
 */
final class MutantLoader extends ClassLoader {

    private final List<Mutation> mutations;
    private final String run;
    private boolean changed;

    /**
     * @param run
     *            class name of a run with a constructor that takes a seed
     */
    MutantLoader(List<Mutation> mutations, String run) {
        super(MutantLoader.class.getClassLoader());
        this.mutations = mutations;
        this.run = run;
    }

    /** True if a mutated class has been loaded. */
    boolean hasChanged() {
        return changed;
    }

    /** Creates a run of the mutant. */
    Run run(long seed) {
        try {
            return (Run) loadClass(run).getConstructor(long.class).newInstance(seed);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** True for the classes shared with the test: the run's interface and its records. */
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
