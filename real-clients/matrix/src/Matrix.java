import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs one check with every version of a client library, each with a class path of its own, and
 * prints 'ok' or 'FAIL' for each. Arguments: suite, class of the check, address, folder of the check's
 * classes, folder with one folder of jars for each version, folder of jars they share.
 */
public final class Matrix {

    /** A version's check waits more than it works, mostly for groups. */
    private static final int AT_ONCE = 6;
    private static final long LIMIT_S = 120;

    public static void main(String[] args) throws Exception {
        String suite = args[0];
        List<Path> versions;
        try (Stream<Path> folders = Files.list(Path.of(args[4]))) {
            versions = folders.sorted(Matrix::byVersion).toList();
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, runnable -> {
            Thread thread = new Thread(runnable);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<String>> results = new ArrayList<>();
        for (Path version : versions) {
            List<URL> path = new ArrayList<>();
            path.add(Path.of(args[3]).toUri().toURL());
            jars(version, path);
            jars(Path.of(args[5]), path);
            results.add(threads.submit(() -> run(path, args[1], args[2])));
        }
        int failed = 0;
        for (int i = 0; i < versions.size(); i++) {
            String name = suite + "/" + versions.get(i).getFileName();
            String reason = reason(results.get(i));
            if (reason.isEmpty()) {
                System.out.println("ok " + name);
            } else {
                failed++;
                System.err.println(name + ": " + reason);
                System.out.println("FAIL " + name + " " + brief(reason));
            }
        }
        if (versions.isEmpty()) {
            System.out.println("FAIL " + suite + " has no versions in " + args[4]);
        }
        // Threads of a client that failed may still be there.
        System.out.flush();
        Runtime.getRuntime().halt(failed == 0 && !versions.isEmpty() ? 0 : 1);
    }

    private static String reason(Future<String> result) throws InterruptedException {
        try {
            return result.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return "took over " + LIMIT_S + " s";
        } catch (ExecutionException e) {
            StringWriter text = new StringWriter();
            e.getCause().printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }

    /** Messages and the lines of the check, without the frames between. */
    private static String brief(String reason) {
        String text = reason.lines()
                .filter(line -> !line.startsWith("\tat ") || line.contains("Client.java:"))
                .map(String::strip).collect(Collectors.joining(" "));
        return text.substring(0, Math.min(800, text.length()));
    }

    private static String run(List<URL> path, String check, String address) throws Exception {
        Thread thread = Thread.currentThread();
        try (URLClassLoader loader = new URLClassLoader(path.toArray(new URL[0]),
                ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            @SuppressWarnings("unchecked") // java.util.function is the platform's for all of them
            UnaryOperator<String> client = (UnaryOperator<String>) loader.loadClass(check)
                    .getConstructor().newInstance();
            return client.apply(address);
        }
    }

    private static void jars(Path folder, List<URL> path) throws Exception {
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                path.add(jar.toUri().toURL());
            }
        }
    }

    private static int byVersion(Path a, Path b) {
        return Arrays.compare(numbers(a), numbers(b));
    }

    private static int[] numbers(Path folder) {
        return Stream.of(folder.getFileName().toString().split("\\."))
                .mapToInt(Integer::parseInt).toArray();
    }

    private Matrix() {}
}
