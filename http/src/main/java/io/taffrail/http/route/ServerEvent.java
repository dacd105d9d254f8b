package io.taffrail.http.route;

/**
 * A server-sent event.
 *
 * @param id
 *            sent back by the client as {@code Last-Event-ID} when it connects again; empty for
 *            none
 * @param name
 *            the type of the event; empty for {@code message}
 * @param data
 *            text of any number of lines
 */
public record ServerEvent(String id, String name, String data) {

    public ServerEvent {
        if (hasLineEnd(id) || hasLineEnd(name) || id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an event's id and name are one line each");
        }
    }

    private static boolean hasLineEnd(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    /** The event in the format of {@code text/event-stream}, with the empty line that ends it. */
    public String text() {
        StringBuilder text = new StringBuilder(data.length() + 32);
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        if (!name.isEmpty()) {
            text.append("event: ").append(name).append('\n');
        }
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        if (data.isEmpty()) {
            text.append("data:\n");
        }
        return text.append('\n').toString();
    }
}
