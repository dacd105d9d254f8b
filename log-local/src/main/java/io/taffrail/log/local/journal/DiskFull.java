package io.taffrail.log.local.journal;

import java.io.IOException;
import java.util.Locale;

/**
 * The test for a full disk among write failures. The JDK has no exception type for it; only the
 * operating system's text tells.
 */
public final class DiskFull {

    private DiskFull() {}

    /** True if the failure means that the disk or the user's quota is full. */
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
