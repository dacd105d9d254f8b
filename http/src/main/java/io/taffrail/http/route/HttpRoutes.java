package io.taffrail.http.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table of routes, filled before the head starts and not changed afterwards. A pattern is a
 * path whose parts in braces match any part: {@code /api/queues/{vhost}/{name}}. An encoded slash
 * does not divide a path, and one slash at its end does not count. Where several patterns match,
 * the first part that is written out decides.
 */
public final class HttpRoutes {

    /** A route with the tag that it asks for. */
    public record Target(HttpTag tag, HttpRoute route) {}

    /** The routes of one path by method, with the values of the parts in braces. */
    public record Match(Map<String, Target> methods, Map<String, String> parameters) {

        /** The methods for the {@code Allow} header. */
        public String allowed() {
            List<String> names = new ArrayList<>();
            if (methods.containsKey("GET")) {
                names.add("HEAD");
            }
            names.addAll(methods.keySet());
            names.add("OPTIONS");
            return String.join(", ", names);
        }

        /** The target of a method; {@code HEAD} is a {@code GET} without its body. */
        public Optional<Target> target(String method) {
            return Optional.ofNullable(methods.get(method.equals("HEAD") ? "GET" : method));
        }
    }

    private static final class Node {
        final Map<String, Node> parts = new HashMap<>();
        Optional<Node> any = Optional.empty();
        final List<String> names = new ArrayList<>();
        final Map<String, Target> methods = new TreeMap<>();
    }

    private final Node root = new Node();

    /** Adds a route; returns this table. */
    public HttpRoutes on(String method, String pattern, HttpTag tag, HttpRoute route) {
        Node node = root;
        List<String> names = new ArrayList<>();
        for (String part : parts(pattern)) {
            if (part.startsWith("{")) {
                names.add(part.substring(1, part.length() - 1));
                Node next = node.any.orElseGet(Node::new);
                node.any = Optional.of(next);
                node = next;
            } else {
                node = node.parts.computeIfAbsent(part, _ -> new Node());
            }
        }
        if (node.methods.isEmpty()) {
            node.names.addAll(names);
        }
        if (node.methods.put(method, new Target(tag, route)) != null
                || !node.names.equals(names)) {
            throw new IllegalStateException("two routes for " + method + " " + pattern);
        }
        return this;
    }

    /**
     * The routes of a path as it was sent.
     *
     * @throws IllegalArgumentException
     *             if a part is not well encoded
     */
    public Optional<Match> find(String path) {
        List<String> decoded = parts(path).stream().map(HttpRoutes::decoded).toList();
        List<String> values = new ArrayList<>();
        return find(root, decoded, 0, values).map(node -> {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                parameters.put(node.names.get(i), values.get(i));
            }
            return new Match(node.methods, parameters);
        });
    }

    private static Optional<Node> find(Node node, List<String> parts, int from,
            List<String> values) {
        if (from == parts.size()) {
            return node.methods.isEmpty() ? Optional.empty() : Optional.of(node);
        }
        Node exact = node.parts.get(parts.get(from));
        if (exact != null) {
            Optional<Node> found = find(exact, parts, from + 1, values);
            if (found.isPresent()) {
                return found;
            }
        }
        if (node.any.isEmpty()) {
            return Optional.empty();
        }
        values.add(parts.get(from));
        Optional<Node> found = find(node.any.get(), parts, from + 1, values);
        if (found.isEmpty()) {
            values.removeLast();
        }
        return found;
    }

    private static List<String> parts(String path) {
        String whole = path.length() > 1 && path.endsWith("/")
                ? path.substring(0, path.length() - 1)
                : path;
        return List.of(whole.substring(1).split("/", -1));
    }

    /** Decodes percent signs; a plus is itself in a path. */
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
