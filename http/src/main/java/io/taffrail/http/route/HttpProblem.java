package io.taffrail.http.route;

import java.util.LinkedHashMap;
import java.util.Map;

/** A refused request: status code and RabbitMQ's object with {@code error} and {@code reason}. */
public final class HttpProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

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

    /** The answer to the client. */
    public HttpAnswer answer() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("error", error);
        object.put("reason", reason);
        return HttpAnswer.json(status, object);
    }
}
