package dev.shadow.examples.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions in which the rooms of this project may know one another. */
final class ArchitectureTest {
    /** {@code core} of {@code dev.shadow.core.placement}, {@code adapters.jdbc} of {@code dev.shadow.adapters.jdbc}. */
    private static final Pattern ROOM = Pattern.compile("dev\\.shadow\\.(adapters\\.\\w+|\\w+)(\\..*)?");

    private static final DescribedPredicate<JavaClass> IN_THE_SPI = resideInAPackage("dev.shadow.spi..");
    private static final DescribedPredicate<JavaClass> SIBLINGS = resideInAnyPackage(
            "dev.shadow.core..", "dev.shadow.forecast..", "dev.shadow.sync..", "dev.shadow.adapters..");
    private static final DescribedPredicate<JavaClass> UNFIT_FOR_A_SIGNATURE = resideInAnyPackage(
            "com.google.common..",
            "com.fasterxml..",
            "java.sql..",
            "org.apache.commons.math3..",
            "org.jooq..",
            "org.slf4j..");

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.shadow");

    @Test
    void seesEveryRoom() {
        Set<String> rooms = PROJECT.stream().map(ArchitectureTest::room).collect(Collectors.toSet());

        assertThat(rooms).contains("spi", "tck", "core", "forecast", "sync", "examples");
    }

    @Test
    void theSpiKnowsTheJdkAndJSpecifyOnly() {
        classes()
                .that(IN_THE_SPI)
                .should()
                .onlyDependOnClassesThat(IN_THE_SPI.or(resideInAnyPackage("java..", "org.jspecify..")))
                .check(PROJECT);
    }

    @Test
    void theSpiShowsNoLibraryTypeAndNoSql() {
        classes().that(IN_THE_SPI).should(showOnlyFitTypes()).check(PROJECT);
    }

    @Test
    void thePackagesOfTheSpiFormNoCycle() {
        slices().assignedFrom(slicing("packages of the SPI", IN_THE_SPI, ArchitectureTest::ownerPackage))
                .should()
                .beFreeOfCycles()
                .check(PROJECT);
    }

    @Test
    void siblingsNeverKnowEachOther() {
        slices().assignedFrom(slicing("siblings", SIBLINGS, ArchitectureTest::room))
                .should()
                .notDependOnEachOther()
                .check(PROJECT);
    }

    @Test
    void siblingsKnowNothingThatStandsAboveThem() {
        noClasses()
                .that(SIBLINGS)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.shadow.tck..", "dev.shadow.examples..", "dev.shadow.benchmarks.."))
                .check(PROJECT);
    }

    @Test
    void internalPackagesStayInsideTheirRoom() {
        classes().should(leaveForeignInternalsAlone()).check(PROJECT);
    }

    @Test
    void publicTypesAreNamedForWhatTheyAre() {
        noClasses()
                .that()
                .arePublic()
                .and()
                .doNotHaveSimpleName("ShadowManager")
                .should()
                .haveNameMatching(".*(Impl|Base|Util|Manager)")
                .check(PROJECT);
    }

    private static SliceAssignment slicing(
            String description, DescribedPredicate<JavaClass> included, Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return included.test(type) ? SliceIdentifier.of(name.apply(type)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return description;
            }
        };
    }

    private static ArchCondition<JavaClass> leaveForeignInternalsAlone() {
        return new ArchCondition<>("leave the internals of other rooms alone") {
            private final DescribedPredicate<JavaClass> internal = resideInAPackage("dev.shadow..internal..");

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    if (internal.test(target) && !room(target).equals(room(type))) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> showOnlyFitTypes() {
        return new ArchCondition<>("show only types that are fit for a signature") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                shownBy(type)
                        .flatMap(shown -> shown.getAllInvolvedRawTypes().stream())
                        .filter(UNFIT_FOR_A_SIGNATURE)
                        .map(unfit -> type.getName() + " shows " + unfit.getName())
                        .forEach(violation -> events.add(SimpleConditionEvent.violated(type, violation)));
            }
        };
    }

    private static Stream<JavaType> shownBy(JavaClass type) {
        Stream<JavaType> parents = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        Stream<JavaType> fields = type.getFields().stream()
                .filter(field -> isShown(field.getModifiers()))
                .map(JavaField::getType);
        Stream<JavaType> codeUnits = type.getCodeUnits().stream()
                .filter(unit -> isShown(unit.getModifiers()))
                .flatMap(ArchitectureTest::shownBy);
        return Stream.of(parents, fields, codeUnits).flatMap(Function.identity());
    }

    private static Stream<JavaType> shownBy(JavaCodeUnit unit) {
        Stream<JavaType> given = Stream.concat(unit.getParameterTypes().stream(), unit.getExceptionTypes().stream());
        return Stream.concat(given, Stream.of(unit.getReturnType()));
    }

    private static boolean isShown(Set<JavaModifier> modifiers) {
        return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
    }

    private static String room(JavaClass type) {
        Matcher matcher = ROOM.matcher(type.getPackageName());
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** The package itself, or for an internal one the package whose private part it is. */
    private static String ownerPackage(JavaClass type) {
        return type.getPackageName().replaceFirst("\\.internal(\\..*)?$", "");
    }
}
