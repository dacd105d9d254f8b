package io.taffrail.amqp.codec;

/** A method frame names a method that does not exist; the socket is closed without a word. */
public final class UnknownMethodException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownMethodException(int classId, int methodId) {
        super("there is no method " + classId + "." + methodId, null, false, false);
    }

    static UnknownMethodException of(int classId, int methodId) {
        return new UnknownMethodException(classId, methodId);
    }
}
