package io.taffrail.http.console;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The static files of the console, read from the class path at each request. A browser keeps them
 * and asks whether they have changed, by their hash (RFC 9110 §13.1.2). Libraries come from
 * WebJars.
 */
final class ConsoleFiles {

    /** No script, style, frame or connection from elsewhere, and no script within a page. */
    private static final String POLICY = "default-src 'self'; img-src 'self' data:;"
            + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final int HASH_BYTES = 16;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}\\.(js|css|svg|html)");
    private static final Map<String, String> TYPES = Map.of("js", "text/javascript", "css",
            "text/css", "svg", "image/svg+xml", "html", "text/html");

    /** A file of a WebJar: the library and the path within it. */
    private record Vendored(String library, String path) {}

    private static final Map<String, Vendored> VENDORED = Map.of(
            "lit-html.js", new Vendored("lit-html", "lit-html.js"),
            "uplot.js", new Vendored("uplot", "dist/uPlot.iife.min.js"),
            "uplot.css", new Vendored("uplot", "dist/uPlot.min.css"));

    private ConsoleFiles() {}

    static void register(HttpRoutes routes) {
        routes.on("GET", "/", HttpTag.ANYBODY, call -> page(call, "index.html"))
                .on("GET", "/favicon.ico", HttpTag.ANYBODY, call -> page(call, "icon.svg"))
                .on("GET", "/console/{file}", HttpTag.ANYBODY,
                        call -> page(call, call.parameter("file")))
                .on("GET", "/console/vendor/{file}", HttpTag.ANYBODY, ConsoleFiles::vendored);
    }

    private static HttpAnswer page(HttpCall call, String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw HttpProblem.notFound();
        }
        return file(call, name, bytes("console/" + name));
    }

    private static HttpAnswer vendored(HttpCall call) throws IOException {
        String name = call.parameter("file");
        Vendored file = VENDORED.get(name);
        if (file == null) {
            throw HttpProblem.notFound();
        }
        return file(call, name, bytes("/META-INF/resources/webjars/" + file.library() + "/"
                + version(file.library()) + "/" + file.path()));
    }

    /** The version of a WebJar, which is part of its paths. */
    private static String version(String library) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = open("/META-INF/maven/org.webjars.npm/" + library
                + "/pom.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String resource) {
        @Nullable
        InputStream in = HttpTag.class.getResourceAsStream(resource.startsWith("/")
                ? resource
                : "/io/taffrail/http/" + resource);
        if (in == null) {
            throw HttpProblem.notFound();
        }
        return in;
    }

    private static HttpAnswer file(HttpCall call, String name, byte[] bytes) {
        String tag = "\"" + hash(bytes) + "\"";
        if (call.header("if-none-match").filter(it -> it.contains(tag)).isPresent()) {
            return HttpAnswer.empty(304).with("etag", tag);
        }
        String type = Optional.ofNullable(TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
                .orElseThrow();
        return new HttpAnswer(200, type + "; charset=utf-8", Map.of(), out -> out.write(bytes))
                .with("etag", tag).with("content-security-policy", POLICY)
                .with("cross-origin-opener-policy", "same-origin")
                .with("cross-origin-resource-policy", "same-origin")
                .with("permissions-policy", "camera=(), geolocation=(), microphone=()");
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0,
                    HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
