package io.taffrail.broker.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A router for patterns of words separated by dots, where {@code *} is one word and {@code #} any
 * number of words. The patterns form a trie. All nodes that a key can reach are followed word by
 * word at the same time, so the cost is at most words × nodes whatever the patterns. A walk may be
 * suspended between two words.
 */
final class TopicRouter implements Router {

    /** A node of the trie: the state after some words. */
    private static final class Node {
        private final Map<String, Node> words = new HashMap<>(2);
        private final Routes routes = new Routes();
        private @Nullable Node star;
        private @Nullable Node hash;
        private boolean isHash;
        private long lastStep = -1;

        boolean isEmpty() {
            return words.isEmpty() && star == null && hash == null && routes.isEmpty();
        }
    }

    private final Node root = new Node();
    private List<Node> at = new ArrayList<>();
    private List<Node> next = new ArrayList<>();
    private long step;

    @Override
    public void add(Binding binding, Destination destination) {
        Node node = root;
        for (String word : words(binding.key())) {
            node = childForAdd(node, word);
        }
        node.routes.add(destination);
    }

    private static Node childForAdd(Node node, String word) {
        if (word.equals("*")) {
            node.star = node.star == null ? new Node() : node.star;
            return node.star;
        }
        if (word.equals("#")) {
            node.hash = node.hash == null ? new Node() : node.hash;
            node.hash.isHash = true;
            return node.hash;
        }
        return node.words.computeIfAbsent(word, _ -> new Node());
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        remove(root, words(binding.key()), 0, destination);
    }

    private static void remove(Node node, List<String> words, int index, Destination destination) {
        if (index == words.size()) {
            node.routes.remove(destination);
            return;
        }
        String word = words.get(index);
        Node child = switch (word) {
            case "*" -> node.star;
            case "#" -> node.hash;
            default -> node.words.get(word);
        };
        if (child == null) {
            return;
        }
        remove(child, words, index + 1, destination);
        if (child.isEmpty()) {
            switch (word) {
                case "*" -> node.star = null;
                case "#" -> node.hash = null;
                default -> node.words.remove(word);
            }
        }
    }

    @Override
    public void route(Walk walk) {
        at.clear();
        step++;
        enter(root, at);
        goOn(walk, walk.key(), 0);
    }

    /** Follows the words of a key from a character on; a walk that is spent goes on later. */
    private void goOn(Walk walk, String key, int start) {
        int from = start;
        while (from <= key.length() && !key.isEmpty()) {
            if (walk.isSpent()) {
                suspend(walk, key, from);
                return;
            }
            int dot = key.indexOf('.', from);
            int end = dot < 0 ? key.length() : dot;
            walk.charge(at.size());
            advance(key.substring(from, end));
            from = end + 1;
        }
        for (int index = 0; index < at.size(); index++) {
            at.get(index).routes.match(walk);
        }
        at.clear();
    }

    /**
     * Keeps the nodes reached until the walk goes on. A node that is removed meanwhile matches
     * nothing any more; patterns added below it are not seen.
     */
    private void suspend(Walk walk, String key, int from) {
        List<Node> reached = at;
        at = new ArrayList<>();
        walk.later(() -> {
            at = reached;
            goOn(walk, key, from);
        });
    }

    private void advance(String word) {
        step++;
        next.clear();
        for (int index = 0; index < at.size(); index++) {
            Node node = at.get(index);
            Node child = node.words.get(word);
            if (child != null) {
                enter(child, next);
            }
            if (node.star != null) {
                enter(node.star, next);
            }
            if (node.isHash) {
                enter(node, next);
            }
        }
        List<Node> spare = at;
        at = next;
        next = spare;
    }

    /** Adds a node, and the nodes reached through {@code #} without a word. */
    private void enter(Node node, List<Node> into) {
        Node entered = node;
        while (entered != null && entered.lastStep != step) {
            entered.lastStep = step;
            into.add(entered);
            entered = entered.hash;
        }
    }

    /** The words of a key; an empty key has none. */
    private static List<String> words(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }
}
