package io.taffrail.cli;

import picocli.CommandLine.IVersionProvider;

/** Text printed by {@code --version}. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[]{
            "taffrail " + (version == null ? "(unpackaged)" : version) + " on Java "
                    + Runtime.version()};
    }
}
