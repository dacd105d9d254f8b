package io.taffrail.amqp.login;

/** User name and password of a login attempt. */
public record Credentials(String user, String password) {

    /** Omits the password. */
    @Override
    public String toString() {
        return user;
    }
}
