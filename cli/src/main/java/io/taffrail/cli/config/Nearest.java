package io.taffrail.cli.config;

import java.util.List;
import java.util.Optional;

/** Finds the word that a mistyped word probably stands for. */
public final class Nearest {

    private Nearest() {}

    /**
     * Finds the candidate with the fewest edits (insert, delete, replace, swap of neighbours):
     * at most a third of the word's length, but always up to two. Empty if there is none.
     */
    public static Optional<String> to(String word, List<String> candidates) {
        int best = Math.max(2, word.length() / 3) + 1;
        Optional<String> nearest = Optional.empty();
        for (String candidate : candidates) {
            int edits = edits(word, candidate);
            if (edits < best) {
                best = edits;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** Damerau-Levenshtein distance, adjacent swaps counted once. */
    private static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1,
                        cost[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
