package io.taffrail.cli;

/** The entry of the {@code taffrail} command. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.out.println("x");
    }
}
