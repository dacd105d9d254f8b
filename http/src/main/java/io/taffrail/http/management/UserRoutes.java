package io.taffrail.http.management;

import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.broker.user.PasswordHash;
import io.taffrail.broker.user.Users;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Users: list, show, put, delete. Users of the configuration are shown without a hash and cannot
 * be changed; a stored user of the same name replaces one.
 */
final class UserRoutes {

    private static final int UNKNOWN_PASSWORD_BYTES = 32;

    private final Users users;
    private final ConfiguredUsers configured;

    UserRoutes(Users users, ConfiguredUsers configured) {
        this.users = users;
        this.configured = configured;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/users", HttpTag.ADMINISTRATOR,
                call -> Listing.of(call, names().stream().map(this::object).toList()))
                .on("GET", "/api/users/without-permissions", HttpTag.ADMINISTRATOR,
                        call -> Listing.of(call, users.names().stream()
                                .filter(it -> users.permissions(it).isEmpty())
                                .map(this::object).toList()))
                .on("POST", "/api/users/bulk-delete", HttpTag.ADMINISTRATOR, this::deleteSome)
                .on("GET", "/api/users/{user}", HttpTag.ADMINISTRATOR, this::show)
                .on("PUT", "/api/users/{user}", HttpTag.ADMINISTRATOR, this::put)
                .on("DELETE", "/api/users/{user}", HttpTag.ADMINISTRATOR, this::delete);
    }

    /** The names of all users, sorted. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(configured.names());
        names.addAll(users.names());
        return names;
    }

    boolean exists(String name) {
        return users.has(name) || configured.names().contains(name);
    }

    Map<String, @Nullable Object> object(String name) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        Set<String> tags = users.has(name) ? users.tags(name) : configured.tags(name);
        Optional<PasswordHash> hash = users.passwordHash(name);
        object.put("name", name);
        object.put("password_hash", hash.map(PasswordHash::text).orElse(""));
        object.put("hashing_algorithm", hash.filter(it -> PasswordHash.isScram(it.text()))
                .isPresent() ? "scram_sha_256" : "rabbit_password_hashing_sha256");
        object.put("tags", List.copyOf(tags));
        object.put("limits", Map.of());
        return object;
    }

    private HttpAnswer show(HttpCall call) {
        String name = call.parameter("user");
        if (!exists(name)) {
            throw HttpProblem.notFound();
        }
        return Listing.of(call, object(name));
    }

    private HttpAnswer put(HttpCall call) {
        boolean existed = exists(call.parameter("user"));
        put(call.parameter("user"), call.fields());
        return HttpAnswer.changed(!existed);
    }

    /** Adds or changes a user as the fields of a request or of a definitions file say. */
    void put(String name, HttpFields fields) {
        if (!fields.has("tags")) {
            throw HttpProblem.badRequest("tags_not_present");
        }
        Optional<PasswordHash> password = password(fields);
        var _ = users.put(name, password.isPresent() || users.has(name)
                ? password
                : Optional.of(unknownPassword()), tags(fields)).join();
    }

    /** A password that nobody knows: RabbitMQ's users without a password cannot log in by one. */
    private static PasswordHash unknownPassword() {
        byte[] bytes = new byte[UNKNOWN_PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PasswordHash.of(Base64.getEncoder().encodeToString(bytes));
    }

    static Optional<PasswordHash> password(HttpFields fields) {
        String hash = fields.text("password_hash", "");
        String password = fields.text("password", "");
        if (fields.has("password_hash") && fields.has("password")) {
            throw HttpProblem.badRequest("both_password_and_password_hash");
        }
        if (hash.isEmpty() && password.isEmpty()) {
            return fields.has("password_hash") || fields.has("password")
                    ? Optional.of(unknownPassword())
                    : Optional.empty();
        }
        try {
            return Optional.of(hash.isEmpty()
                    ? PasswordHash.of(password)
                    : PasswordHash.parse(hash));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** The tags: a list, or a text with commas. */
    static Set<String> tags(HttpFields fields) {
        Set<String> tags = new LinkedHashSet<>();
        if (fields.value("tags") instanceof List<?> list) {
            list.forEach(tag -> tags.add(String.valueOf(tag)));
        } else {
            Arrays.stream(fields.text("tags", "").split(",", -1)).map(String::strip)
                    .filter(tag -> !tag.isEmpty()).forEach(tags::add);
        }
        return tags;
    }

    private HttpAnswer delete(HttpCall call) {
        String name = call.parameter("user");
        if (!users.has(name)) {
            throw configured.names().contains(name)
                    ? HttpProblem.badRequest("user '" + name + "' is set by amqp.users")
                    : HttpProblem.notFound();
        }
        var _ = users.delete(name).join();
        return HttpAnswer.empty(204);
    }

    private HttpAnswer deleteSome(HttpCall call) {
        HttpFields fields = call.fields();
        fields.require("users");
        fields.list("users").stream().map(String::valueOf).filter(users::has)
                .forEach(name -> users.delete(name).join());
        return HttpAnswer.empty(204);
    }
}
