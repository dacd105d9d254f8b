package io.taffrail.kafka.configs;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * ListConfigResources (KIP-1142). Version 0 lists only client metrics subscriptions, and there are
 * none.
 */
public record ListConfigResourcesHandler(
        ConfigSubjects subjects) implements Handler<ListConfigResourcesRequestData> {

    private static final Set<Byte> LISTABLE = Set.of(ConfigResource.Type.TOPIC.id(),
            ConfigResource.Type.BROKER.id(), ConfigResource.Type.BROKER_LOGGER.id(),
            ConfigResource.Type.CLIENT_METRICS.id(), ConfigResource.Type.GROUP.id());

    @Override
    public boolean takesLong(Request<ListConfigResourcesRequestData> request) {
        return true;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    @Override
    public CompletionStage<ListConfigResourcesResponseData> handle(
            Request<ListConfigResourcesRequestData> request) {
        List<ListConfigResourcesResponseData.ConfigResource> found = new ArrayList<>();
        for (byte type : types(request)) {
            subjects.find(ConfigResource.Type.forId(type))
                    .ifPresent(subject -> subject.names().forEach(
                            name -> found.add(new ListConfigResourcesResponseData.ConfigResource()
                                    .setResourceType(type).setResourceName(name))));
        }
        return CompletableFuture.completedFuture(
                new ListConfigResourcesResponseData().setConfigResources(found));
    }

    private static Set<Byte> types(Request<ListConfigResourcesRequestData> request) {
        if (request.version() == 0) {
            return Set.of(ConfigResource.Type.CLIENT_METRICS.id());
        }
        Set<Byte> types = new TreeSet<>(request.body().resourceTypes());
        if (!LISTABLE.containsAll(types)) {
            throw new UnsupportedVersionException("Unsupported config resource type");
        }
        return types.isEmpty() ? new TreeSet<>(LISTABLE) : types;
    }
}
