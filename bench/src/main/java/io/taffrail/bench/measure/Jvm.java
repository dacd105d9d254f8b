package io.taffrail.bench.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that run a class of this program's class path on this program's JDK. */
public final class Jvm {
    private Jvm() {}

    public static List<String> command(List<String> options, String mainClass,
            String... arguments) {
        return commandOf(System.getProperty("java.class.path"), options, mainClass, arguments);
    }

    /** The same with another class path. */
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
