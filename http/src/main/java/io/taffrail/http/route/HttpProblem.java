package io.taffrail.http.route;

import java.util.LinkedHashMap;
import java.util.Map;

/** A refused request: status code and RabbitMQ's object with {@code error} and {@code reason}. */
public final class HttpProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Media type of a problem (RFC 9457). */
    public static final String PROBLEM_JSON = "application/problem+json";

    private final int status;
    private final String error;
    private final transient Object reason;

    /**
     * @param reason
     *            a text, or a list of texts
     */
    public HttpProblem(int status, String error, Object reason) {
        super(reason.toString(), null, false, false);
        this.status = status;
        this.error = error;
        this.reason = reason;
    }

    /** 400 with a reason. */
    public static HttpProblem badRequest(Object reason) {
        return new HttpProblem(400, "bad_request", reason);
    }

    /** 404 for an object that the path names. */
    public static HttpProblem notFound() {
        return new HttpProblem(404, "Object Not Found", "Not Found");
    }

    /** 401 for a user without the right. */
    public static HttpProblem notAuthorised(String reason) {
        return new HttpProblem(401, "not_authorised", reason);
    }

    public int status() {
        return status;
    }

    /** Name of the error. */
    public String error() {
        return error;
    }

    /** The fields of a problem (RFC 9457). */
    public static Map<String, Object> problemFields(int status, String code, String detail) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "urn:taffrail:problem:" + code);
        object.put("title", code.replace('-', ' ').replace('_', ' '));
        object.put("status", status);
        object.put("detail", detail);
        return object;
    }

    /** The answer to the client of a path: as RabbitMQ's for its API, else RFC 9457. */
    public HttpAnswer answer(String path) {
        return path.startsWith("/api/") || path.equals("/api")
                ? answer()
                : HttpAnswer.json(status, problemFields(status, error, reason.toString()))
                        .as(PROBLEM_JSON);
    }

    /** The answer to a client of RabbitMQ's API. */
    public HttpAnswer answer() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("error", error);
        object.put("reason", reason);
        return HttpAnswer.json(status, object);
    }
}
