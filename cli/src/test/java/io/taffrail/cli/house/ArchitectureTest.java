package io.taffrail.cli.house;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.taffrail.broker.schedule.TimeSource;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Checks the allowed dependencies between modules:
 *
 * <pre>
 * cli ─► kafka, amqp, http ─► net, broker ─► log ◄─ log.local
 *  └──► verify
 * </pre>
 *
 * Changing one of them is an architecture decision.
 */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.taffrail");

    private static final DescribedPredicate<JavaClass> LOG = resideInAPackage("io.taffrail.log..")
            .and(resideOutsideOfPackage("io.taffrail.log.local.."));
    private static final DescribedPredicate<JavaClass> LOG_LOCAL = resideInAPackage(
            "io.taffrail.log.local..");
    private static final DescribedPredicate<JavaClass> BROKER = resideInAPackage(
            "io.taffrail.broker..");
    private static final DescribedPredicate<JavaClass> KAFKA = resideInAPackage(
            "io.taffrail.kafka..");
    private static final DescribedPredicate<JavaClass> VERIFY = resideInAPackage(
            "io.taffrail.verify..");
    private static final DescribedPredicate<JavaClass> AMQP = resideInAPackage(
            "io.taffrail.amqp..");
    private static final DescribedPredicate<JavaClass> HTTP = resideInAPackage(
            "io.taffrail.http..");
    private static final DescribedPredicate<JavaClass> NET = resideInAPackage("io.taffrail.net..");
    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("io.taffrail..");

    /** Kafka's compression codecs and the types in their signatures. */
    private static final DescribedPredicate<JavaClass> RECORD_COMPRESSION = resideInAnyPackage(
            "org.apache.kafka.common.compress..")
            .or(JavaClass.Predicates.type(
                    org.apache.kafka.common.record.internal.CompressionType.class))
            .or(resideInAPackage("org.apache.kafka.common.utils.internals"));

    private static final DescribedPredicate<JavaClass> KAFKAS = resideInAPackage(
            "org.apache.kafka..");

    @Test
    void everyModuleIsSeen() {
        for (DescribedPredicate<JavaClass> module : List.of(LOG, LOG_LOCAL, BROKER, NET,
                KAFKA, AMQP, HTTP, VERIFY)) {
            assertThat(CLASSES.stream().filter(module)).as(module.getDescription()).isNotEmpty();
        }
    }

    @Test
    void logKnowsNoOtherModule() {
        onlyKnows(LOG, LOG);
    }

    @Test
    void theLocalEngineKnowsTheLogAlone() {
        onlyKnows(LOG_LOCAL, LOG_LOCAL.or(LOG));
    }

    @Test
    void theBrokerKnowsTheLogAlone() {
        onlyKnows(BROKER, BROKER.or(LOG));
    }

    @Test
    void theKafkaHeadKnowsNoEngine() {
        onlyKnows(KAFKA, KAFKA.or(BROKER).or(NET).or(LOG));
    }

    @Test
    void theAmqpHeadKnowsNoEngine() {
        onlyKnows(AMQP, AMQP.or(BROKER).or(NET).or(LOG));
    }

    @Test
    void theHttpHeadKnowsNoEngine() {
        onlyKnows(HTTP, HTTP.or(BROKER).or(NET).or(LOG));
    }

    @Test
    void eventLoopsKnowTheLogAlone() {
        onlyKnows(NET, NET.or(LOG));
    }

    /** Verify tests Taffrail as it tests any other broker: from outside. */
    @Test
    void verifyKnowsNoOtherModule() {
        onlyKnows(VERIFY, VERIFY);
    }

    private static void onlyKnows(DescribedPredicate<JavaClass> module,
            DescribedPredicate<JavaClass> known) {
        noClasses().that(module).should()
                .dependOnClassesThat(OURS.and(DescribedPredicate.not(known)))
                .check(CLASSES);
    }

    @Test
    void kafkasClassesAreUsedInTheKafkaHeadAlone() {
        noClasses().that(BROKER.or(AMQP).or(HTTP)).should().dependOnClassesThat(KAFKAS)
                .check(CLASSES);
        noClasses().that(resideInAPackage("io.taffrail.cli..")).should()
                .dependOnClassesThat(KAFKAS).check(CLASSES);
    }

    @Test
    void theLogUsesKafkasRecordCompressionAlone() {
        noClasses().that(LOG.or(LOG_LOCAL)).should()
                .dependOnClassesThat(KAFKAS.and(DescribedPredicate.not(RECORD_COMPRESSION)))
                .check(CLASSES);
    }

    @Test
    void socketsAreTheHeadsBusiness() {
        noClasses().that(LOG.or(LOG_LOCAL).or(BROKER)).should()
                .dependOnClassesThat(resideInAPackage("io.netty..")).check(CLASSES);
    }

    /**
     * The root package of these modules contains both the module's wiring and the settings
     * that its parts read. It depends on the parts and they depend on it; between the parts
     * there is no cycle.
     */
    private static final Set<String> WIRING = Set.of("io.taffrail.broker", "io.taffrail.kafka",
            "io.taffrail.amqp", "io.taffrail.http", "io.taffrail.cli", "io.taffrail.verify");

    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return WIRING.contains(type.getPackageName())
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    @Test
    void packagesFormNoCycles() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void timeComesInByTheConstructor() {
        DescribedPredicate<JavaClass> domain = LOG.or(LOG_LOCAL).or(BROKER);
        noClasses().that(domain).and().areNotAssignableTo(TimeSource.MachineTime.class).should()
                .callMethod(System.class, "currentTimeMillis").orShould()
                .callMethod(System.class, "nanoTime").orShould().callMethod(Instant.class, "now")
                .orShould().callMethod(InstantSource.class, "system").orShould()
                .callMethod(Clock.class, "systemUTC").check(CLASSES);
    }

    @Test
    void nothingIsCalledByANameThatSaysNothing() {
        classes().that(alwaysTrue()).should().resideOutsideOfPackages("..util..", "..utils..",
                "..common..", "..impl..", "..manager..").check(CLASSES);
    }
}
