package io.taffrail.log.local.journal;

import java.io.IOException;
import java.util.Locale;

/**
 * Recognises a full disk among write failures. The JDK has no exception type for it; only the
 * operating system's text tells.
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
