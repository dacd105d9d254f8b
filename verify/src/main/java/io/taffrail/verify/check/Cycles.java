package io.taffrail.verify.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A directed graph, and its strongly connected components of more than one node (Tarjan, 1972;
 * without recursion, because paths are as long as the history).
 */
final class Cycles {

    private final Map<Long, Set<Long>> edges = new LinkedHashMap<>();

    void add(long from, long to) {
        edges.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
    }

    /** Returns the components in which each node is reachable from each other one. */
    List<List<Long>> find() {
        Search search = new Search();
        edges.keySet().forEach(search::from);
        return search.found;
    }

    /** A node of the depth-first search, with the successors that are left to visit. */
    private record Step(long node, Iterator<Long> successors) {}

    private final class Search {

        private final List<List<Long>> found = new ArrayList<>();
        private final Map<Long, Integer> indexes = new HashMap<>();
        /** The smallest index that is reachable; only of nodes whose component is not complete. */
        private final Map<Long, Integer> lowest = new HashMap<>();
        private final Deque<Long> stack = new ArrayDeque<>();
        private final Deque<Step> path = new ArrayDeque<>();

        void from(long root) {
            if (indexes.containsKey(root)) {
                return;
            }
            enter(root);
            while (!path.isEmpty()) {
                Step step = path.peek();
                if (step.successors().hasNext()) {
                    visit(step.node(), step.successors().next());
                } else {
                    path.pop();
                    leave(step.node());
                }
            }
        }

        private void enter(long node) {
            int index = indexes.size();
            indexes.put(node, index);
            lowest.put(node, index);
            stack.push(node);
            path.push(new Step(node, edges.getOrDefault(node, Set.of()).iterator()));
        }

        private void visit(long node, long successor) {
            Integer index = indexes.get(successor);
            if (index == null) {
                enter(successor);
            } else if (lowest.containsKey(successor)) {
                lowest.merge(node, index, Math::min);
            }
        }

        private void leave(long node) {
            int low = lowest.getOrDefault(node, 0);
            if (low == indexes.getOrDefault(node, 0)) {
                complete(node);
            } else {
                Step parent = path.peek();
                if (parent != null) {
                    lowest.merge(parent.node(), low, Math::min);
                }
            }
        }

        private void complete(long node) {
            List<Long> component = new ArrayList<>();
            long member;
            do {
                member = stack.pop();
                lowest.remove(member);
                component.add(member);
            } while (member != node);
            if (component.size() > 1) {
                found.add(component.reversed());
            }
        }
    }
}
