import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Check of the list of modules in the packaged runtime: {@code java Modules.java LIST JAR...}.
 * Prints the modules for jlink, separated by commas. Fails if a class in a jar refers to a JDK
 * module that the list neither includes nor leaves out, and if a module is left out that none
 * refers to.
 */
final class Modules {

    private final Map<String, String> moduleOfPackage = new HashMap<>();
    /** Modules that the jars refer to, each with a class that does. */
    private final Map<String, String> used = new TreeMap<>();
    private final Set<String> included = new LinkedHashSet<>();
    private final Set<String> leftOut = new TreeSet<>();

    private Modules(Path list) throws IOException {
        for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
            module.descriptor().packages()
                    .forEach(name -> moduleOfPackage.put(name, module.descriptor().name()));
        }
        for (String line : Files.readAllLines(list)) {
            String[] words = line.strip().split("\\s+");
            if (words[0].startsWith("-")) {
                leftOut.add(words[0].substring(1));
            } else if (!words[0].isEmpty() && !words[0].startsWith("#")) {
                included.add(words[0]);
            }
        }
    }

    public static void main(String... arguments) throws IOException {
        List<String> words = List.of(arguments);
        Modules modules = new Modules(Path.of(words.getFirst()));
        for (String jar : words.subList(1, words.size())) {
            modules.scan(jar);
        }
        boolean complete = modules.check(words.getFirst());
        System.out.println(String.join(",", modules.included));
        System.exit(complete ? 0 : 1);
    }

    private void scan(String jar) throws IOException {
        try (JarFile file = new JarFile(Path.of(jar).toFile(), false, JarFile.OPEN_READ,
                Runtime.version())) {
            file.versionedStream()
                    .filter(entry -> entry.getName().endsWith(".class")
                            && !entry.getName().endsWith("module-info.class"))
                    .forEach(entry -> scan(file, entry, jar));
        }
    }

    private void scan(JarFile file, ZipEntry entry, String jar) {
        byte[] bytes;
        try (InputStream in = file.getInputStream(entry)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(jar + ": " + entry.getName(), e);
        }
        for (PoolEntry constant : ClassFile.of().parse(bytes).constantPool()) {
            if (constant instanceof ClassEntry type) {
                ClassDesc name = type.asSymbol();
                while (name.isArray()) {
                    name = name.componentType();
                }
                String module = moduleOfPackage.get(name.packageName());
                if (module != null) {
                    used.putIfAbsent(module, entry.getName() + " in " + jar);
                }
            }
        }
    }

    private boolean check(String list) {
        boolean complete = true;
        for (Map.Entry<String, String> use : used.entrySet()) {
            if (!included.contains(use.getKey()) && !leftOut.contains(use.getKey())) {
                System.err.println(list + " lacks " + use.getKey() + ", which " + use.getValue()
                        + " refers to");
                complete = false;
            }
        }
        for (String module : leftOut) {
            if (!used.containsKey(module)) {
                System.err.println(list + " leaves out " + module + ", which no class refers to");
                complete = false;
            }
        }
        return complete;
    }
}
