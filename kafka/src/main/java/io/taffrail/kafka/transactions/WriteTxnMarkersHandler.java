package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * WriteTxnMarkers: writes end markers to partitions, for a tool that ends a transaction which the
 * coordinator does not know any more (KIP-664).
 */
record WriteTxnMarkersHandler(
        Markers markers) implements Handler<WriteTxnMarkersRequestData> {

    private record Wanted(Marker marker, TopicPart partition) {}

    @Override
    public ApiKeys key() {
        return ApiKeys.WRITE_TXN_MARKERS;
    }

    @Override
    public CompletionStage<WriteTxnMarkersResponseData> handle(
            Request<WriteTxnMarkersRequestData> request) {
        List<Wanted> wanted = new ArrayList<>();
        for (WritableTxnMarker marker : request.body().markers()) {
            Marker end = new Marker(marker.producerId(), marker.producerEpoch(),
                    marker.coordinatorEpoch(), marker.transactionResult());
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                indexes(topic).forEach(index -> wanted
                        .add(new Wanted(end, new TopicPart(topic.name(), index))));
            }
        }
        return FewAtOnce.of(wanted, each -> markers.write(each.marker(), each.partition()))
                .thenApply(errors -> response(request.body(), errors.iterator()));
    }

    /** Each partition once, because each takes a batch in its log. */
    private static Set<Integer> indexes(WritableTxnMarkerTopic topic) {
        return new LinkedHashSet<>(topic.partitionIndexes());
    }

    private static WriteTxnMarkersResponseData response(WriteTxnMarkersRequestData body,
            Iterator<Errors> errors) {
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        for (WritableTxnMarker marker : body.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult()
                    .setProducerId(marker.producerId());
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                result.topics().add(new WritableTxnMarkerTopicResult().setName(topic.name())
                        .setPartitions(indexes(topic).stream()
                                .map(index -> new WritableTxnMarkerPartitionResult()
                                        .setPartitionIndex(index)
                                        .setErrorCode(errors.next().code()))
                                .toList()));
            }
            response.markers().add(result);
        }
        return response;
    }
}
