package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * UpdateFeatures (KIP-584, KIP-1022): all levels of a request are changed or none, with the checks
 * and texts of Kafka's controller. No feature that is served loses data with a lower level, so safe
 * and unsafe downgrades are the same.
 */
public record UpdateFeaturesHandler(FeatureLevels features, int nodeId)
        implements
            Handler<UpdateFeaturesRequestData> {

    private static final int VALIDATES_FROM_VERSION = 1;
    private static final int NO_RESULTS_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.UPDATE_FEATURES;
    }

    @Override
    public CompletionStage<UpdateFeaturesResponseData> handle(
            Request<UpdateFeaturesRequestData> request) {
        UpdateFeaturesRequestData body = request.body();
        if (body.validateOnly()) {
            try {
                apply(request, features.finalized().levels());
                return CompletableFuture.completedFuture(done(request));
            } catch (InvalidUpdateVersionException e) {
                return CompletableFuture.completedFuture(refused(e));
            }
        }
        return features.change(levels -> apply(request, levels)).handle((_, failure) -> {
            Throwable cause = failure instanceof CompletionException
                    ? failure.getCause()
                    : failure;
            if (cause == null) {
                return done(request);
            }
            if (cause instanceof InvalidUpdateVersionException refused) {
                return refused(refused);
            }
            throw new CompletionException(cause);
        });
    }

    /** Changes the levels as the request says; throws if one of its changes is refused. */
    private Map<String, Short> apply(Request<UpdateFeaturesRequestData> request,
            Map<String, Short> levels) {
        Map<String, Short> wanted = new TreeMap<>(levels);
        for (FeatureUpdateKey update : request.body().featureUpdates()) {
            check(update, type(update, request.version()),
                    levels.getOrDefault(update.feature(), (short) 0));
            if (features.supported().containsKey(update.feature())) {
                wanted.put(update.feature(), update.maxVersionLevel());
            }
        }
        return wanted;
    }

    private static UpgradeType type(FeatureUpdateKey update, short version) {
        if (version >= VALIDATES_FROM_VERSION) {
            return UpgradeType.fromCode(update.upgradeType());
        }
        return update.allowDowngrade() ? UpgradeType.SAFE_DOWNGRADE : UpgradeType.UPGRADE;
    }

    private void check(FeatureUpdateKey update, UpgradeType type, short present) {
        short wanted = update.maxVersionLevel();
        short highest = features.supported().getOrDefault(update.feature(), (short) 0);
        if (type == UpgradeType.UNKNOWN) {
            refuse(update, "The controller does not support the given upgrade type.");
        } else if (wanted < 0) {
            refuse(update, "A feature version cannot be less than 0.");
        } else if (wanted > highest) {
            refuse(update, "Local controller " + nodeId + (highest == 0
                    ? " does not support this feature."
                    : " only supports versions 0-" + highest));
        } else if (wanted < present && type == UpgradeType.UPGRADE) {
            refuse(update, "Can't downgrade the version of this feature without setting the"
                    + " upgrade type to either safe or unsafe downgrade.");
        } else if (wanted > present && type != UpgradeType.UPGRADE) {
            refuse(update, "Can't downgrade to a newer version.");
        }
    }

    private static void refuse(FeatureUpdateKey update, String reason) {
        throw new InvalidUpdateVersionException("Invalid update version "
                + update.maxVersionLevel() + " for feature " + update.feature() + ". " + reason);
    }

    private static UpdateFeaturesResponseData refused(InvalidUpdateVersionException reason) {
        return new UpdateFeaturesResponseData()
                .setErrorCode(Errors.INVALID_UPDATE_VERSION.code())
                .setErrorMessage("The update failed for all features since the following feature"
                        + " had an error: " + reason.getMessage());
    }

    private static UpdateFeaturesResponseData done(Request<UpdateFeaturesRequestData> request) {
        UpdateFeaturesResponseData data = new UpdateFeaturesResponseData();
        if (request.version() < NO_RESULTS_FROM_VERSION) {
            request.body().featureUpdates().forEach(update -> data.results()
                    .add(new UpdatableFeatureResult().setFeature(update.feature())));
        }
        return data;
    }
}
