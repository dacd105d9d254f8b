package io.taffrail.cli.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rules on the comments of one Java source file. Not for use by several threads. */
final class JavaComments {

    private static final int SHORT = 40;
    private static final int WIDTH = 100;
    private static final Pattern BANNED = Pattern.compile("(What|Who|It|One that)\\b.*");
    private static final Pattern MARKUP = Pattern.compile("[@<].*|.* {2,}.*|");
    private static final Pattern DELIMITER = Pattern.compile("(?<!\\\\)\"\"\"");
    private static final Pattern CLAUSE_END = Pattern.compile(".*[.,:;?!>]");

    /** A comment line: its number from 1, its column, its text, and whether a comment begins. */
    private record Line(int number, int column, String text, boolean begins) {}

    private final List<Line> lines = new ArrayList<>();
    private boolean inComment;
    private boolean inTextBlock;
    private boolean inCode;
    private boolean begins = true;

    JavaComments(List<String> source) {
        for (int i = 0; i < source.size(); i++) {
            read(source.get(i), i + 1);
        }
    }

    /** Comments that begin with a clause where a noun is meant, as {@code LINE: text}. */
    List<String> bannedOpenings() {
        return lines.stream().filter(it -> it.begins && BANNED.matcher(it.text).matches())
                .map(JavaComments::shown).toList();
    }

    /** Short lines that end in the middle of a clause, as {@code LINE: text}. */
    List<String> brokenLines() {
        List<String> broken = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            Line line = lines.get(i - 1);
            Line next = lines.get(i);
            if (next.number == line.number + 1 && !next.begins && isBroken(line, next)) {
                broken.add(shown(line));
            }
        }
        return broken;
    }

    private static boolean isBroken(Line line, Line next) {
        boolean isProse = !MARKUP.matcher(line.text).matches()
                && !MARKUP.matcher(next.text).matches();
        String word = next.text.split(" ", 2)[0];
        boolean fits = line.column + line.text.length() + 1 + word.length() <= WIDTH;
        return isProse && fits && line.text.length() < SHORT
                && Character.isLowerCase(next.text.charAt(0))
                && !CLAUSE_END.matcher(line.text).matches();
    }

    private static String shown(Line line) {
        return line.number + ": " + line.text;
    }

    private void read(String source, int number) {
        String code = source.strip();
        if (inTextBlock || (!inComment && !code.startsWith("/"))) {
            inTextBlock ^= DELIMITER.split(code, -1).length % 2 == 0;
            begins = true;
        } else if (!inComment && code.startsWith("//")) {
            add(source, number, code.substring(2));
        } else if (inComment || code.startsWith("/*")) {
            begins |= !inComment;
            inComment = !code.endsWith("*/");
            add(source, number, code.replaceFirst("^/?\\*+(?!/)", "").replace("*/", ""));
            begins |= !inComment;
        }
    }

    private void add(String source, int number, String comment) {
        String text = comment.strip();
        boolean isCode = inCode || text.startsWith("<pre>");
        inCode = isCode && !text.contains("</pre>");
        if (!isCode && !text.isEmpty()) {
            lines.add(new Line(number, source.indexOf(text), text, begins));
            begins = false;
        }
    }
}
