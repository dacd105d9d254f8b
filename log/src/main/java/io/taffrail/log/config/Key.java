package io.taffrail.log.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name, default and meaning of one configuration value, put on a component of a configuration
 * record.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface Key {

    /** Dotted name as users write it, for example {@code log.segment.bytes}. */
    String value();

    /**
     * The default, in the same text form a user would write; empty for a value that must be given.
     */
    String byDefault() default "";

    /** What it means, one or two sentences. */
    String doc();

    /** Whether the value must not be shown, nor given on a command line. */
    boolean secret() default false;

    /** Names it had before, refused at start with a pointer to this one. */
    String[] retired() default {};
}
