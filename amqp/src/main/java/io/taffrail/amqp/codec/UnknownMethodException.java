package io.taffrail.amqp.codec;

/**
 * A method frame with an unknown class or method id;
 * the socket is closed without {@code connection.close}.
 */
public final class UnknownMethodException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownMethodException(int classId, int methodId) {
        super("there is no method " + classId + "." + methodId, null, false, false);
    }

    static UnknownMethodException of(int classId, int methodId) {
        return new UnknownMethodException(classId, methodId);
    }
}
