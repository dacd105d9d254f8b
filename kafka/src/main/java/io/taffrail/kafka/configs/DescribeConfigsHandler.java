package io.taffrail.kafka.configs;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** DescribeConfigs: values of settings with their sources, synonyms, types and documentation. */
public record DescribeConfigsHandler(
        ConfigSubjects subjects) implements Handler<DescribeConfigsRequestData> {

    /** Most resources that are described on an event loop. */
    private static final int FEW = 16;

    @Override
    public boolean takesLong(Request<DescribeConfigsRequestData> request) {
        return request.body().resources().size() > FEW;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<DescribeConfigsResponseData> handle(
            Request<DescribeConfigsRequestData> request) {
        DescribeConfigsRequestData body = request.body();
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData().setResults(
                once(body.resources()).map(resource -> describe(resource, body)).toList()));
    }

    /** Removes repeated questions, because the answer to each may be long. */
    private static Stream<DescribeConfigsResource> once(List<DescribeConfigsResource> resources) {
        Set<Question> asked = new HashSet<>();
        return resources.stream().filter(resource -> asked.add(new Question(
                resource.resourceType(), resource.resourceName(), resource.configurationKeys())));
    }

    /**
     * A question about a resource. Comparable, so that hash sets stay fast if clients choose equal
     * hashes.
     *
     * @param keys
     *            names of settings, or null for all
     */
    private record Question(byte type, String name, @Nullable List<String> keys)
            implements
                Comparable<Question> {

        private static final Comparator<Question> ORDER = Comparator
                .comparingInt(Question::type).thenComparing(Question::name)
                .thenComparing(question -> String.valueOf(question.keys()));

        @Override
        public int compareTo(Question other) {
            return ORDER.compare(this, other);
        }
    }

    private DescribeConfigsResult describe(DescribeConfigsResource resource,
            DescribeConfigsRequestData body) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(resource.resourceType()).setResourceName(resource.resourceName());
        try {
            Set<String> keys = resource.configurationKeys() == null
                    ? null
                    : new HashSet<>(resource.configurationKeys());
            return result.setConfigs(subjects.require(resource.resourceType())
                    .describe(resource.resourceName()).stream()
                    .filter(entry -> keys == null || keys.contains(entry.name()))
                    .map(entry -> view(entry, body)).toList());
        } catch (ApiException e) {
            ApiError error = ConfigSubjects.error(e);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
    }

    private static DescribeConfigsResourceResult view(ConfigEntry entry,
            DescribeConfigsRequestData body) {
        return new DescribeConfigsResourceResult().setName(entry.name())
                .setValue(told(entry, entry.value()))
                .setConfigSource(entry.source().id()).setReadOnly(entry.readOnly())
                .setIsSensitive(false).setConfigType(entry.type().id())
                .setDocumentation(body.includeDocumentation() ? entry.doc() : null)
                .setSynonyms(body.includeSynonyms()
                        ? entry.synonyms().stream().map(synonym -> new DescribeConfigsSynonym()
                                .setName(synonym.name()).setValue(told(entry, synonym.value()))
                                .setSource(synonym.source().id())).toList()
                        : List.of());
    }

    /**
     * The value to send. A number that is not set is sent as null, because clients parse any other
     * text.
     */
    private static @Nullable String told(ConfigEntry entry, String value) {
        return switch (entry.type()) {
            case INT, LONG, SHORT, DOUBLE -> value.isEmpty() ? null : value;
            default -> value;
        };
    }
}
