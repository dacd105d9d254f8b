package io.taffrail.verify.load;

/** Signals that the workload cannot run. */
public final class WorkloadException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public WorkloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
