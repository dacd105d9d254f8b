package io.taffrail.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks of the repository's files that no compiler makes. */
class TidyTest {

    private static final int MAX_LINES = 700;
    private static final int MAX_COLUMNS = 100;
    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules", ".idea");
    private static final Pattern TEXT = Pattern
            .compile(".*\\.(java|md|xml|sh|yml|yaml|properties)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern LEFT_OVER = Pattern
            .compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b");
    private static final Pattern SWITCHED_OFF = Pattern.compile("@Dis" + "abled\\b");
    private static final Pattern FENCE = Pattern.compile("\\s*```.*");
    private static final Pattern LINK_TARGET = Pattern.compile("]\\([^)]*\\)");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
    private static final Pattern PRODUCTION = Pattern
            .compile(".*src/main/java/.*/[A-Z][A-Za-z]*\\.java");
    private static final Pattern LOGGED_ID = Pattern
            .compile("\"(?:taffrail: )?((?!SHA)[A-Z]{3}-\\d{3})\\b(?!-)");
    /** An id in code font, or two with the ids between them. */
    private static final Pattern DOCUMENTED_ID = Pattern
            .compile("`([A-Z]{3})-(\\d{3})`(?: to `\\1-(\\d{3})`)?");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w.])/(wor" + "k|roo" + "t)/");

    private final Path root = root();
    private final List<Path> files = files();

    @Test
    void noSourceFileIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files) {
            if (file.toString().endsWith(".java")) {
                int lines = Files.readAllLines(file).size();
                if (lines > MAX_LINES) {
                    tooLong.add(root.relativize(file) + ": " + lines + " lines");
                }
            }
        }
        assertThat(tooLong).as("files of more than %d lines", MAX_LINES).isEmpty();
    }

    @Test
    void nothingIsLeftToDo() {
        assertThat(linesWith(LEFT_OVER, file -> true)).isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        assertThat(linesWith(SWITCHED_OFF, file -> file.toString().endsWith(".java"))).isEmpty();
    }

    @Test
    void noFileNamesTheMachineItWasWrittenOn() {
        assertThat(linesWith(MACHINE, file -> true)).isEmpty();
    }

    /** The benchmarks in {@code bench} are a program of their own. */
    @Test
    void noTwoClassesHaveOneSimpleName() {
        Map<String, List<Path>> byName = new TreeMap<>();
        for (Path file : files) {
            Path path = root.relativize(file);
            if (PRODUCTION.matcher(path.toString()).matches() && !path.startsWith("bench")) {
                byName.computeIfAbsent(path.getFileName().toString(), name -> new ArrayList<>())
                        .add(path);
            }
        }
        assertThat(byName).hasSizeGreaterThan(500);
        byName.values().removeIf(paths -> paths.size() == 1);
        assertThat(byName).isEmpty();
    }

    @Test
    void logMessagesWithAnIdAreDocumented() throws IOException {
        Set<String> logged = new TreeSet<>();
        for (Path file : files) {
            if (PRODUCTION.matcher(root.relativize(file).toString()).matches()) {
                Matcher id = LOGGED_ID.matcher(Files.readString(file));
                while (id.find()) {
                    logged.add(id.group(1));
                }
            }
        }
        assertThat(logged).hasSizeGreaterThan(100).isEqualTo(documentedIds());
    }

    private Set<String> documentedIds() throws IOException {
        Set<String> documented = new TreeSet<>();
        Matcher id = DOCUMENTED_ID
                .matcher(Files.readString(root.resolve("docs/log-messages.md")));
        while (id.find()) {
            int last = Integer.parseInt(id.group(3) == null ? id.group(2) : id.group(3));
            for (int number = Integer.parseInt(id.group(2)); number <= last; number++) {
                documented.add("%s-%03d".formatted(id.group(1), number));
            }
        }
        return documented;
    }

    @Test
    void relativeLinksLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path file : files) {
            if (!file.toString().endsWith(".md")) {
                continue;
            }
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                String target = link.group(1);
                boolean elsewhere = target.contains(":");
                if (!elsewhere && !Files.exists(file.resolveSibling(target))) {
                    dead.add(root.relativize(file) + " -> " + target);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void documentsWrapAtAHundredColumns() {
        List<String> tooWide = new ArrayList<>();
        for (Path file : files) {
            boolean inCode = false;
            List<String> lines = file.toString().endsWith(".md") ? lines(file) : List.of();
            for (int line = 0; line < lines.size(); line++) {
                boolean fence = FENCE.matcher(lines.get(line)).matches();
                inCode ^= fence;
                if (!inCode && !fence && columns(lines.get(line)) > MAX_COLUMNS) {
                    tooWide.add(root.relativize(file) + ":" + (line + 1));
                }
            }
        }
        assertThat(tooWide).as("lines of more than %d columns", MAX_COLUMNS).isEmpty();
    }

    /** Length of a line without unbreakable parts: link targets, and code in a table row. */
    private static int columns(String line) {
        String text = LINK_TARGET.matcher(line).replaceAll("]");
        return (text.startsWith("|") ? CODE_SPAN.matcher(text).replaceAll("") : text).length();
    }

    @Test
    void commentsBeginWithANoun() {
        assertThat(inComments(JavaComments::bannedOpenings)).isEmpty();
    }

    @Test
    void commentsBreakAtTheEndOfAClause() {
        assertThat(inComments(JavaComments::brokenLines)).isEmpty();
    }

    private List<String> inComments(Function<JavaComments, List<String>> rule) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            Path name = root.relativize(file);
            if (name.toString().endsWith(".java")) {
                rule.apply(new JavaComments(lines(file)))
                        .forEach(it -> found.add(name + ":" + it));
            }
        }
        return found;
    }

    private List<String> linesWith(Pattern pattern, Predicate<Path> wanted) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            if (wanted.test(file)) {
                List<String> lines = lines(file);
                for (int line = 0; line < lines.size(); line++) {
                    if (pattern.matcher(lines.get(line)).find()) {
                        found.add(root.relativize(file) + ":" + (line + 1) + ": "
                                + lines.get(line).strip());
                    }
                }
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Root directory of the repository. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("build-config"))
                ? here
                : here.resolveSibling(".").normalize();
    }

    private List<Path> files() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder,
                        BasicFileAttributes attributes) {
                    return SKIPPED.contains(String.valueOf(folder.getFileName()))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (TEXT.matcher(file.toString()).matches()) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot list " + root, e);
        }
        assertThat(found).as("files below %s", root).hasSizeGreaterThan(20);
        return found;
    }
}
