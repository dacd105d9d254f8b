package io.taffrail.verify.history;

/**
 * The content of a request in the bank workload.
 *
 * @param from
 *            the account that pays
 * @param to
 *            another account of the same branch
 * @param amount
 *            amount in the smallest unit
 */
public record BankTransfer(int from, int to, long amount) {

    /** Returns the text form, for example {@code 3>5:20}. */
    public String text() {
        return from + ">" + to + ":" + amount;
    }

    /**
     * Parses the result of {@link #text}.
     *
     * @throws HistoryException
     *             if the text has another form
     */
    public static BankTransfer parse(String text) {
        String[] parts = text.split("[>:]", -1);
        try {
            return new BankTransfer(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new HistoryException("'" + text + "' is not a transfer like 3>5:20", e);
        }
    }
}
