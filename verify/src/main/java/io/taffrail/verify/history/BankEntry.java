package io.taffrail.verify.history;

/**
 * The content of an account's record in the bank workload: the balance after a transfer.
 *
 * @param account
 *            number of the account
 * @param balance
 *            balance after the transfer
 * @param request
 *            message that requested the transfer, see {@link Value}
 */
public record BankEntry(int account, long balance, long request) {

    /** Balance of every account before its first record. */
    public static final long OPENING = 1000;
    /** Accounts of one branch; branch {@code b} has the accounts from {@code b} times this on. */
    public static final int ACCOUNTS = 4;

    /** Returns the text form, for example {@code 3=980:0.17}. */
    public String text() {
        return account + "=" + balance + ":" + Value.text(request);
    }

    /**
     * Parses the result of {@link #text}.
     *
     * @throws HistoryException
     *             if the text has another form
     */
    public static BankEntry parse(String text) {
        String[] parts = text.split("[=:]", -1);
        try {
            return new BankEntry(Integer.parseInt(parts[0]), Long.parseLong(parts[1]),
                    Value.parse(parts[2]));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new HistoryException("'" + text + "' is not an entry like 3=980:0.17", e);
        }
    }

    /** Returns the branch of the account. */
    public int branch() {
        return account / ACCOUNTS;
    }
}
