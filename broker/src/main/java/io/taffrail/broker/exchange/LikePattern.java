package io.taffrail.broker.exchange;

/**
 * A pattern of SQL's {@code LIKE}: {@code _} is one character, {@code %} any number of characters.
 * The match does not recurse, and takes at most pattern × text steps.
 */
final class LikePattern {

    private static final int ONE = -1;
    private static final int ANY = -2;

    /** Characters, {@link #ONE} and {@link #ANY}. */
    private final int[] wanted;
    private final int length;

    /**
     * @param escape
     *            makes the next character literal; 0 for none
     */
    LikePattern(String pattern, char escape) {
        wanted = new int[pattern.length()];
        int count = 0;
        for (int at = 0; at < pattern.length(); at++) {
            char each = pattern.charAt(at);
            if (escape != 0 && each == escape && at + 1 < pattern.length()) {
                at++;
                wanted[count++] = pattern.charAt(at);
            } else {
                wanted[count++] = each == '_' ? ONE : each == '%' ? ANY : each;
            }
        }
        length = count;
    }

    boolean matches(String text) {
        int at = 0;
        int next = 0;
        int afterAny = -1;
        int retryAt = 0;
        while (at < text.length()) {
            if (next < length && wanted[next] == ANY) {
                next++;
                afterAny = next;
                retryAt = at;
            } else if (next < length
                    && (wanted[next] == ONE || wanted[next] == text.charAt(at))) {
                next++;
                at++;
            } else if (afterAny >= 0) {
                retryAt++;
                at = retryAt;
                next = afterAny;
            } else {
                return false;
            }
        }
        while (next < length && wanted[next] == ANY) {
            next++;
        }
        return next == length;
    }
}
