package io.taffrail.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaCommentsTest {

    private static JavaComments of(String source) {
        return new JavaComments(source.lines().toList());
    }

    @Test
    void findsClausesWhereANounIsMeant() {
        JavaComments comments = of("""
                /** What a log is. */
                class A {
                    /**
                     * One that waits.
                     */
                    int a; // It is no comment line of its own.
                    // It is at its end.
                    int b;
                    // First line.
                    // What follows is the second.
                    /** Item. What follows is inside. */
                }
                """);

        assertThat(comments.bannedOpenings()).containsExactly("1: What a log is.",
                "4: One that waits.", "7: It is at its end.");
    }

    @Test
    void findsLinesThatEndInTheMiddleOfAClause() {
        JavaComments comments = of("""
                /**
                 * Reads the records of a log, which
                 * the cleaner may replace meanwhile.
                 * Ends at a sentence.
                 * ends at a clause, too,
                 * and goes on.
                 *
                 * @param name
                 *            of the log
                 */
                """);

        assertThat(comments.brokenLines()).containsExactly("2: Reads the records of a log, which");
    }

    @Test
    void leavesDrawingsAndTextBlocksAlone() {
        JavaComments comments = of("""
                /**
                 * <pre>
                 * a log
                 * of batches
                 * </pre>
                 * key      routing key
                 * value    body
                 */
                String text = \"""
                        // What is not a comment
                        // at all
                        \""";
                """);

        assertThat(comments.brokenLines()).isEmpty();
        assertThat(comments.bannedOpenings()).isEmpty();
    }
}
