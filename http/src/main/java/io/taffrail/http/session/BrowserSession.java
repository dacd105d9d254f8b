package io.taffrail.http.session;

/**
 * A logged-in browser.
 *
 * @param token
 *            value of the cookie; random
 * @param csrf
 *            value that a request which changes something must repeat in a header, because a page
 *            of another site can neither read it nor set the header; random
 * @param passwordStamp
 *            identifies the password that was used; another password ends the session
 */
public record BrowserSession(String token, String user, String csrf, Object passwordStamp,
        long beganMs) {}
