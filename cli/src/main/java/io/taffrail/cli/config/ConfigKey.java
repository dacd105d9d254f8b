package io.taffrail.cli.config;

import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;

/**
 * One value that can be configured.
 *
 * @param name
 *            dotted, as in a file
 * @param form
 *            what its text may be
 * @param byDefault
 *            in the form a user would write; empty where there is none
 * @param doc
 *            what it means
 * @param secret
 *            whether the value must not be shown, nor given on a command line
 * @param retired
 *            names it had before
 */
public record ConfigKey(String name, ValueForm form, String byDefault, String doc,
        boolean secret, List<String> retired) {

    static final String PREFIX = "TAFFRAIL_";

    static ConfigKey of(Key key, RecordComponent component) {
        return new ConfigKey(key.value(), ValueForm.of(key.value(), component.getGenericType()),
                key.byDefault(), key.doc(), key.secret(), List.of(key.retired()));
    }

    /** The environment variable that sets it. */
    public String variable() {
        return variable(name);
    }

    /** Whether a value must come from the user. */
    public boolean required() {
        return byDefault.isEmpty() && !form.mayBeEmpty();
    }

    static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
