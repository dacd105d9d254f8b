package io.taffrail.broker.turn;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of members whose parts of one turn are stored together or not at all, because an atomic
 * step put something into each of them: a queue that gives a message up and the queue that takes
 * it, or a message and its de-duplication mark. Owner thread only.
 */
final class Bond {

    private final List<TurnMember> members = new ArrayList<>(2);

    List<TurnMember> members() {
        return members;
    }

    /** Binds two members, and all members that either is bound to. */
    static void tie(TurnMember one, TurnMember other) {
        if (one.equals(other)) {
            return;
        }
        Bond first = of(one);
        Bond second = of(other);
        if (first == second) {
            return;
        }
        Bond larger = first.members.size() >= second.members.size() ? first : second;
        Bond smaller = larger == first ? second : first;
        for (TurnMember each : smaller.members) {
            each.bond = larger;
            larger.members.add(each);
        }
    }

    private static Bond of(TurnMember member) {
        Bond bond = member.bond;
        if (bond == null) {
            bond = new Bond();
            bond.members.add(member);
            member.bond = bond;
        }
        return bond;
    }
}
