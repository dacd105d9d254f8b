package io.taffrail.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CleanerTextTest {

    @Test
    void tellsTheStateOfEachLogAndWhyItFails() {
        String text = text(List.of(
                """
                        {"name":"a-0","state":"idle","due":true,"percent":0,"dirty_ratio":0.755,
                         "dirty_bytes":100,"first_dirty_offset":7}""",
                """
                        {"name":"b-0","state":"throttled","due":false,"percent":42,"dirty_ratio":1,
                         "dirty_bytes":100,"first_dirty_offset":0,
                         "last_run":{"ended":"then","duration_ms":12,"bytes_read":30,
                           "bytes_written":10,"records_kept":1,"records_removed":2}}""",
                """
                        {"name":"c-0","state":"backing_off","due":false,"percent":0,"dirty_ratio":0,
                         "dirty_bytes":0,"first_dirty_offset":0,"next_try":"soon","reason":"EIO"}"""),
                """
                        {"totals":true,"threads":2,"rounds":3,"failures":1,"bytes_read":60,
                         "bytes_written":20,"records_kept":4,"records_removed":5,"throttled_ms":70,
                         "max_bytes_per_second":1000,"reserved_bytes":24,
                         "dedupe_buffer_bytes":128}""");

        assertThat(text).isEqualTo(
                """
                        LOG  STATE                   DIRTY  DIRTY BYTES  FIRST DIRTY  LAST ROUND  TOOK   READ  WRITTEN  KEPT  REMOVED
                        a-0  due                     76 %   100          7            -           -      -     -        -     -
                        b-0  throttled 42 %          100 %  100          0            then        12 ms  30    10       1     2
                        c-0  backing off until soon  0 %    0            0            -           -      -     -        -     -

                        failed           c-0: EIO
                        since the start  3 rounds, 1 failed; 60 bytes read, 20 written; 4 records kept, 5 removed
                        threads          2, rate limit 1000 bytes/s, waited for it 70 ms
                        memory for keys  24 of 128 bytes
                        """);
    }

    private static String text(List<String> logs, String totals) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        new CleanerText(logs.stream().<Map<?, ?>>map(CleanerTextTest::object).toList(),
                object(totals)).print(out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Map<?, ?> object(String json) {
        return Json.read(json) instanceof Map<?, ?> object ? object : Map.of();
    }
}
