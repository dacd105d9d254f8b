package io.taffrail.cli.terminal;

import java.util.regex.Pattern;

/** A pattern of names: {@code *} stands for any text, {@code ?} for one character. */
public final class Glob {

    private final Pattern pattern;

    public Glob(String text) {
        StringBuilder regex = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** True if the whole name matches. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }
}
