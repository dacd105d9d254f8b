package io.taffrail.bench.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds commands that run a class on this program's JDK. */
public final class Jvm {
    private Jvm() {}

    public static List<String> command(List<String> options, String mainClass,
            String... arguments) {
        return commandOf(System.getProperty("java.class.path"), options, mainClass, arguments);
    }

    /** Returns a command with the given class path. */
    static List<String> commandOf(String classPath, List<String> options, String mainClass,
            String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }
}
