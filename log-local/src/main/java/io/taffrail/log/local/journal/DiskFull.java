package io.taffrail.log.local.journal;

import java.io.IOException;
import java.util.Locale;

/**
 * Tells "no space left" from other failures of a write; the operating system only says it in words.
 */
public final class DiskFull {

    private DiskFull() {}

    public static boolean causedBy(IOException failure) {
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded")
                || text.contains("not enough space");
    }
}
