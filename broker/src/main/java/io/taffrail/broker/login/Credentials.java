package io.taffrail.broker.login;

/** User name and password of a login attempt. */
public record Credentials(String user, String password) {

    /** Omits the password. */
    @Override
    public String toString() {
        return user;
    }
}
