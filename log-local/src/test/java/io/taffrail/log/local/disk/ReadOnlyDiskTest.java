package io.taffrail.log.local.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyDiskTest {

    @TempDir
    private Path dir;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void aPipeInPlaceOfAFileIsRefused() throws Exception {
        Path pipe = dir.resolve("checkpoint");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> ReadOnlyDisk.real().open(pipe)).isInstanceOf(IOException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void aMissingFileIsMissing() {
        assertThatThrownBy(() -> ReadOnlyDisk.real().open(dir.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
