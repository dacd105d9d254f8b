package io.taffrail.log.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the name, default and meaning of one configuration value,
 * on a component of a configuration record.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface Key {

    /** Dotted name of the value in configuration files, for example {@code log.segment.bytes}. */
    String value();

    /**
     * Default value, in the form in which a user would write it; empty if the value is required.
     */
    String byDefault() default "";

    /** Meaning of the value, in one or two sentences. */
    String doc();

    /** True if the value must not be displayed or given on a command line. */
    boolean secret() default false;

    /**
     * Former names of the value. The broker refuses to start with one of them and names this key.
     */
    String[] retired() default {};
}
