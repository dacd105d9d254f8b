package io.taffrail.http.management;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The command line {@code rabbitmqadmin}, for download; read when it is asked for. */
final class CliRoutes {

    private static final String SCRIPT = "/io/taffrail/http/cli/rabbitmqadmin";

    private CliRoutes() {}

    static void register(HttpRoutes routes) {
        routes.on("GET", "/cli/rabbitmqadmin", HttpTag.ANYBODY, _ -> script());
    }

    private static HttpAnswer script() throws IOException {
        try (InputStream in = CliRoutes.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw HttpProblem.notFound();
            }
            return HttpAnswer.text("text/x-python; charset=utf-8",
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
