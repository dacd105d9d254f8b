package io.taffrail.http.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/** Headers that every answer has. */
final class ResponseHeaders {

    private ResponseHeaders() {}

    /** Sets them, and then those of the route. */
    static void set(HttpHeaders headers, Map<String, String> own, boolean keepsAlive) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY,
                "default-src 'self'; frame-ancestors 'none'");
        headers.set("x-content-type-options", "nosniff");
        headers.set("x-frame-options", "DENY");
        headers.set("referrer-policy", "no-referrer");
        headers.set(HttpHeaderNames.VARY, "accept, accept-encoding, origin");
        own.forEach(headers::set);
        if (!keepsAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }
}
