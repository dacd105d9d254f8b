package io.taffrail.broker.turn;

import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The appends of one turn with those who made them. */
public final class TurnAppends {

    private final List<LogAppend> appends = new ArrayList<>();
    private final List<TurnMember> members = new ArrayList<>();

    TurnAppends() {}

    /** Adds a batch, whose buffer is the log's until the turn is stored. */
    public void add(TurnMember member, WritableLog log, ByteBuffer batch) {
        appends.add(new LogAppend(log, batch));
        members.add(member);
    }

    List<LogAppend> appends() {
        return appends;
    }

    TurnMember member(int index) {
        return members.get(index);
    }
}
