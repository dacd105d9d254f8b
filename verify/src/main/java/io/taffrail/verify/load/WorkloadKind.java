package io.taffrail.verify.load;

/** The kinds of workloads; lower case, because they are values of an option. */
public enum WorkloadKind {

    /** Messages without transactions, over all protocols of the broker. */
    messages,
    /** Transactions that write to several partitions and read others; Kafka clients only. */
    transactions,
    /** Transfers between accounts, by clients that fence each other; Kafka clients only. */
    bank
}
