package io.taffrail.testkit;

import io.taffrail.testkit.bridge.EmbeddedBrokers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The class loader of the broker. Its parent is the JDK's loader, so a test may use any version
 * of a library that the broker also uses. Only the bridge's interfaces are shared with the
 * tests. One per JVM.
 */
final class BrokerLoader extends URLClassLoader {

    private static final String TESTKIT = BrokerLoader.class.getPackageName();
    private static final String BRIDGE = TESTKIT + ".bridge.";
    private static final String EMBEDDED = TESTKIT + ".embedded.";
    private static final String LOG_BINDING = "/META-INF/taffrail/slf4j-provider";
    private static final String LOG_PROVIDERS = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    static {
        registerAsParallelCapable();
    }

    /** Created on first use. */
    private static final class Held {
        private static final BrokerLoader LOADER = new BrokerLoader(
                urls(BrokerClassPath.entries()));
        private static final EmbeddedBrokers BROKERS = LOADER.within(LOADER::newFactory);
    }

    private BrokerLoader(URL[] urls) {
        super("taffrail", urls, ClassLoader.getPlatformClassLoader());
    }

    static BrokerLoader get() {
        return Held.LOADER;
    }

    static EmbeddedBrokers brokers() {
        return Held.BROKERS;
    }

    /**
     * Runs a task with this loader as the thread's context class loader. Threads that the task
     * starts inherit it; libraries of the broker look up their services there.
     */
    <T> T within(Supplier<T> task) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            return task.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(BRIDGE)) {
            return Class.forName(name, false, BrokerLoader.class.getClassLoader());
        }
        return super.loadClass(name, resolve);
    }

    /** Loads the broker's side of the bridge, which is in the testkit's jar. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!name.startsWith(EMBEDDED)) {
            return super.findClass(name);
        }
        try (InputStream in = BrokerLoader.class
                .getResourceAsStream(name.substring(TESTKIT.length() + 1).replace('.', '/')
                        + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Gives the broker its own logging binding, independent of the tests' one. */
    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        if (name.equals(LOG_PROVIDERS)) {
            URL binding = BrokerLoader.class.getResource(LOG_BINDING);
            if (binding == null) {
                throw new IllegalStateException(LOG_BINDING + " is missing");
            }
            return Collections.enumeration(List.of(binding));
        }
        return super.findResources(name);
    }

    private EmbeddedBrokers newFactory() {
        try {
            return (EmbeddedBrokers) loadClass(EMBEDDED + "EmbeddedFactory")
                    .getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the testkit's jar is not whole", e);
        }
    }

    private static URL[] urls(List<Path> entries) {
        return entries.stream().map(BrokerLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
