package io.taffrail.testkit;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The class path of the broker. The testkit's jar contains the broker's jars as resources, so that
 * none of them is on the tests' class path; they are unpacked to {@link Scratch} once per JVM.
 * If the testkit is a folder of classes, as in its own build, the JVM's class path is used.
 */
final class BrokerClassPath {

    /** A resource of the build with the colon-separated jar names, relative to it. */
    private static final String INDEX = "broker/classpath";

    /** Unpacked on first use. */
    private static final class Held {
        private static final List<Path> ENTRIES = find();
    }

    private BrokerClassPath() {}

    static List<Path> entries() {
        return Held.ENTRIES;
    }

    /** Returns the class path as an argument of {@code java -cp}. */
    static String text() {
        return String.join(File.pathSeparator,
                entries().stream().map(Path::toString).toList());
    }

    private static List<Path> find() {
        try (InputStream index = BrokerClassPath.class.getResourceAsStream(INDEX)) {
            return index == null
                    ? ofThisJvm()
                    : unpack(new String(index.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's jars cannot be unpacked", e);
        }
    }

    private static List<Path> ofThisJvm() {
        List<Path> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath());
        }
        return List.copyOf(entries);
    }

    private static List<Path> unpack(String index) throws IOException {
        Path directory = Scratch.newDirectory("lib");
        List<Path> entries = new ArrayList<>();
        for (String name : index.split(":", -1)) {
            Path jar = directory.resolve(name.substring(name.lastIndexOf('/') + 1));
            try (InputStream packed = BrokerClassPath.class
                    .getResourceAsStream("broker/" + name)) {
                if (packed == null) {
                    throw new FileNotFoundException(name + " is not in the testkit's jar");
                }
                Files.copy(packed, jar);
            }
            entries.add(jar);
        }
        return List.copyOf(entries);
    }
}
