package io.taffrail.simulation.kafka;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A member of a classic group that proceeds step by step: joins, syncs, and sends heartbeats. */
final class SimMember {

    private static final int JOIN = 9;
    private static final int SYNC = 5;
    private static final int HEARTBEAT = 4;
    private static final Set<Errors> AGAIN = Set.of(Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR,
            Errors.REBALANCE_IN_PROGRESS, Errors.ILLEGAL_GENERATION, Errors.UNKNOWN_MEMBER_ID);

    private final HeadHistory history;
    private final HeadMachine machine;
    private final GroupModel group;
    private final boolean first;
    private @Nullable KafkaLink link;
    private String memberId = "";
    private int generation = -1;
    private boolean leads;
    private boolean synced;
    private boolean asking;

    SimMember(HeadHistory history, HeadMachine machine, GroupModel group, boolean first) {
        this.history = history;
        this.machine = machine;
        this.group = group;
        this.first = first;
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    boolean isAnswered() {
        return link == null || !link.isOpen() || link.isIdle();
    }

    /** Performs the next step. */
    void step() {
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine);
            link = open;
            asking = false;
        }
        if (asking) {
            return;
        }
        asking = true;
        if (generation < 0) {
            join(open);
        } else if (!synced) {
            sync(open);
        } else {
            heartbeat(open);
        }
    }

    /**
     * True if the answer has no error; false if the member must join again.
     * Other errors are violations.
     */
    private boolean isWell(short code, String what) {
        Errors error = Errors.forCode(code);
        if (error == Errors.NONE) {
            return true;
        }
        machine.trace().event("member", group.id() + " " + error, generation, 0);
        if (!AGAIN.contains(error)) {
            history.requireCause(machine, what, error);
        }
        if (error == Errors.UNKNOWN_MEMBER_ID) {
            memberId = "";
        }
        generation = -1;
        synced = false;
        return false;
    }

    private void join(KafkaLink open) {
        if (!first && !memberId.isEmpty()) {
            // Kafka answers the members of a group in the order of their random ids.
            machine.trace().decidedElsewhere();
        }
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        int before = group.generation();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[4]));
        open.send(ApiKeys.JOIN_GROUP, JOIN, new JoinGroupRequestData().setGroupId(group.id())
                .setMemberId(memberId).setProtocolType("simulated").setProtocols(protocols)
                .setSessionTimeoutMs(first ? 60 : 200).setRebalanceTimeoutMs(100), new Hears() {
                    @Override
                    public void is(ApiMessage body) {
                        asking = false;
                        joined((JoinGroupResponseData) body, before);
                    }
                });
    }

    private void joined(JoinGroupResponseData answer, int before) {
        if (Errors.forCode(answer.errorCode()) == Errors.MEMBER_ID_REQUIRED) {
            memberId = answer.memberId();
        } else if (isWell(answer.errorCode(), "join")) {
            machine.trace().event("joined", group.id(), answer.generationId(),
                    answer.members().size());
            group.joined(answer.generationId(), before);
            memberId = answer.memberId();
            generation = answer.generationId();
            leads = answer.leader().equals(memberId);
            synced = false;
        }
    }

    private void sync(KafkaLink open) {
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(group.id())
                .setMemberId(memberId).setGenerationId(generation).setProtocolType("simulated")
                .setProtocolName("range");
        if (leads) {
            request.setAssignments(List.of(new SyncGroupRequestAssignment().setMemberId(memberId)
                    .setAssignment(new byte[]{1, 2, 3})));
        }
        int of = generation;
        open.send(ApiKeys.SYNC_GROUP, SYNC, request, new Hears() {
            @Override
            public void is(ApiMessage body) {
                asking = false;
                if (isWell(((SyncGroupResponseData) body).errorCode(), "sync")) {
                    machine.trace().event("synced", group.id(), of, 0);
                    group.generation(of);
                    synced = true;
                }
            }
        });
    }

    private void heartbeat(KafkaLink open) {
        open.send(ApiKeys.HEARTBEAT, HEARTBEAT, new HeartbeatRequestData().setGroupId(group.id())
                .setMemberId(memberId).setGenerationId(generation), new Hears() {
                    @Override
                    public void is(ApiMessage body) {
                        asking = false;
                        isWell(((HeartbeatResponseData) body).errorCode(), "heartbeat");
                    }
                });
    }

    /** A callback for an answer that may be lost. */
    private abstract class Hears implements KafkaLink.Answer {
        @Override
        public final void lost() {
            asking = false;
        }
    }
}
