package io.taffrail.amqp.login;

/** A name and what proves it. */
public record Credentials(String user, String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return user;
    }
}
