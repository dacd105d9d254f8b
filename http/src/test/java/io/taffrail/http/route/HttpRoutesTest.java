package io.taffrail.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpRoutesTest {

    private final HttpRoutes routes = new HttpRoutes()
            .on("GET", "/api/users/{user}", HttpTag.ADMINISTRATOR, _ -> HttpAnswer.empty(200))
            .on("PUT", "/api/users/{user}", HttpTag.ADMINISTRATOR, _ -> HttpAnswer.empty(204))
            .on("GET", "/api/users/{user}/permissions", HttpTag.ADMINISTRATOR,
                    _ -> HttpAnswer.empty(200))
            .on("POST", "/api/users/bulk-delete", HttpTag.ADMINISTRATOR,
                    _ -> HttpAnswer.empty(204));

    private Map<String, String> parameters(String path) {
        return routes.find(path).orElseThrow().parameters();
    }

    @Test
    void anEncodedSlashBelongsToItsPart() {
        assertThat(parameters("/api/users/a%2Fb")).containsEntry("user", "a/b");
        assertThat(parameters("/api/users/a+b%20c%C3%A9")).containsEntry("user", "a+b cé");
    }

    @Test
    void oneSlashAtTheEndDoesNotCount() {
        assertThat(parameters("/api/users/maria/")).containsEntry("user", "maria");
        assertThat(routes.find("/api/users/maria//")).isEmpty();
    }

    @Test
    void aPartThatIsWrittenOutPrecedesAName() {
        assertThat(routes.find("/api/users/bulk-delete").orElseThrow().allowed())
                .isEqualTo("POST, OPTIONS");
        assertThat(parameters("/api/users/bulk-delete/permissions"))
                .containsEntry("user", "bulk-delete");
    }

    @Test
    void aHeadIsAGetAndUnknownMethodsAreListed() {
        HttpRoutes.Match match = routes.find("/api/users/maria").orElseThrow();

        assertThat(match.target("HEAD")).isEqualTo(match.target("GET"));
        assertThat(match.target("DELETE")).isEqualTo(Optional.empty());
        assertThat(match.allowed()).isEqualTo("HEAD, GET, PUT, OPTIONS");
    }

    @Test
    void unknownAndMalformedPathsAreNotFound() {
        assertThat(routes.find("/api")).isEmpty();
        assertThat(routes.find("/")).isEmpty();
        assertThatThrownBy(() -> routes.find("/api/users/%zz"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneRoutePerMethod() {
        assertThatThrownBy(() -> routes.on("GET", "/api/users/{user}", HttpTag.ANYBODY,
                _ -> HttpAnswer.empty(200))).isInstanceOf(IllegalStateException.class);
    }
}
