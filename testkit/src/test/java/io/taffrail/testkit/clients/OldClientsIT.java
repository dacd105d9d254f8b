package io.taffrail.testkit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.TaffrailExtension;
import io.taffrail.testkit.TestBroker;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TaffrailExtension.class)
class OldClientsIT {

    private static final String SEEN = "gzip0,gzip1,lz40,lz41,none0,none1,snappy0,snappy1,"
            + "zstd0,zstd1 committed 10 end 10";

    @Test
    void newestClientWritesReadsAndResumes(TestBroker broker) {
        assertThat(new ClientRoundTrip().apply(broker.bootstrap())).isEqualTo(SEEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.8.2", "3.9.1"})
    void oldClientWritesReadsAndResumes(String version, TestBroker broker) throws Exception {
        List<URL> path = new ArrayList<>();
        path.add(ClientRoundTrip.class.getProtectionDomain().getCodeSource().getLocation());
        addJars(Path.of("target", "clients", version), path);
        addJars(Path.of("target", "clients", "shared"), path);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(path.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Class<?> roundTrip = loader.loadClass(ClientRoundTrip.class.getName());
            assertThat(roundTrip).isNotSameAs(ClientRoundTrip.class);
            @SuppressWarnings("unchecked") // a class of this name, whatever loader it has
            UnaryOperator<String> client = (UnaryOperator<String>) roundTrip
                    .getConstructor().newInstance();

            assertThat(client.apply(broker.bootstrap())).isEqualTo(SEEN);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void addJars(Path directory, List<URL> path) throws IOException {
        try (Stream<Path> jars = Files.list(directory)) {
            for (Path jar : jars.toList()) {
                path.add(url(jar));
            }
        }
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }
}
