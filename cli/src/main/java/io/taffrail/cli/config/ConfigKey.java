package io.taffrail.cli.config;

import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;

/**
 * A configuration key.
 *
 * @param name
 *            dotted name, as in a configuration file
 * @param form
 *            type and parser of the value
 * @param byDefault
 *            default value in the form in which a user would write it; empty if there is none
 * @param doc
 *            meaning of the value
 * @param secret
 *            true if the value must not be displayed or given on a command line
 * @param retired
 *            former names, which are refused
 */
public record ConfigKey(String name, ValueForm form, String byDefault, String doc,
        boolean secret, List<String> retired) {

    static final String PREFIX = "TAFFRAIL_";

    static ConfigKey of(Key key, RecordComponent component) {
        return new ConfigKey(key.value(), ValueForm.of(key.value(), component.getGenericType()),
                key.byDefault(), key.doc(), key.secret(), List.of(key.retired()));
    }

    /** Name of the environment variable that sets the key. */
    public String variable() {
        return variable(name);
    }

    /** True if the user must set a value. */
    public boolean required() {
        return byDefault.isEmpty() && !form.mayBeEmpty();
    }

    static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
