package io.taffrail.broker.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.taffrail.log.text.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A regular expression from a user, to be matched with names. The cost of a match is linear in the
 * length of the name and of the expression (RE2). RE2 supports PCRE's syntax except for
 * look-around, backreferences, and possessive or atomic groups. Immutable.
 */
public final class NamePattern {

    private static final Logger LOG = LoggerFactory.getLogger(NamePattern.class);
    private static final int MAX_CHARS = 4096;
    /**
     * The matcher calls itself for each instruction that consumes no character. Measured: 7,300 of
     * them fill the stack of 1 MiB of an interpreted thread.
     */
    private static final int MAX_INSTRUCTIONS = 5000;

    /** Measured: 790 to 1,190 bytes for a few characters, 61 to 88 for each further instruction. */
    private static final int COMPILED_BYTES = 1024;
    private static final int INSTRUCTION_BYTES = 88;

    private final String text;
    private final @Nullable Pattern compiled;

    private NamePattern(String text, @Nullable Pattern compiled) {
        this.text = text;
        this.compiled = compiled;
    }

    /**
     * Compiles an expression.
     *
     * @throws InvalidPatternException
     *             if it is invalid or too large
     */
    public static NamePattern of(String text) {
        if (text.length() > MAX_CHARS) {
            throw new InvalidPatternException("longer than " + MAX_CHARS + " characters", 0);
        }
        RepetitionCheck.check(text);
        try {
            Pattern compiled = Pattern.compile(text);
            if (compiled.programSize() > MAX_INSTRUCTIONS) {
                throw new InvalidPatternException("too large: it takes " + compiled.programSize()
                        + " instructions of at most " + MAX_INSTRUCTIONS, 0);
            }
            return new NamePattern(text, compiled);
        } catch (PatternSyntaxException e) {
            throw new InvalidPatternException(e.getDescription() + ": " + e.getPattern()
                    + " (look-around, backreferences and possessive quantifiers are not"
                    + " supported)", Math.max(0, text.indexOf(e.getPattern())));
        }
    }

    /**
     * Compiles a stored expression that an earlier version accepted. If it is no longer valid, the
     * result matches no name.
     *
     * @param place
     *            names the object in the log line
     */
    public static NamePattern stored(String text, String place) {
        try {
            return of(text);
        } catch (InvalidPatternException e) {
            LOG.error("PAT-001 the regular expression '{}' of {} matches nothing: {}; set another",
                    Printable.brief(text), Printable.brief(place),
                    Printable.brief(e.getMessage()));
            return new NamePattern(text, null);
        }
    }

    /** Whether a part of the name matches. */
    public boolean isFoundIn(String name) {
        Pattern expression = compiled;
        return expression != null && expression.matcher(name).find();
    }

    /** Whether the whole name matches. */
    public boolean matches(String name) {
        Pattern expression = compiled;
        return expression != null && expression.matches(name);
    }

    /** The estimated size in memory: repetitions count as often as they are compiled. */
    public long sizeBytes() {
        Pattern expression = compiled;
        return 2L * text.length() + (expression == null
                ? 0
                : COMPILED_BYTES + (long) INSTRUCTION_BYTES * expression.programSize());
    }

    /** The text of the expression. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
