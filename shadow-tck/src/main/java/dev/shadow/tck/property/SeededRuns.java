package dev.shadow.tck.property;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Turns one {@link SeededTest} into its runs. */
final class SeededRuns implements TestTemplateInvocationContextProvider {
    static final String SEED = "shadow.seed";
    static final String RUNS = "shadow.runs";

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), SeededTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return seeds(context).mapToObj(SeededRun::new);
    }

    private static LongStream seeds(ExtensionContext context) {
        return wholeNumber(SEED, context)
                .map(LongStream::of)
                .orElseGet(() -> seedsOf(context).limit(runs(context)));
    }

    /** The endless sequence of seeds that belongs to a test: the same on every machine and in every build. */
    private static LongStream seedsOf(ExtensionContext context) {
        long className = context.getRequiredTestClass().getName().hashCode();
        long methodName = context.getRequiredTestMethod().getName().hashCode();
        return new SplittableRandom(className << Integer.SIZE ^ methodName).longs();
    }

    private static long runs(ExtensionContext context) {
        long declared = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), SeededTest.class)
                .orElseThrow()
                .runs();
        if (declared < 1) {
            throw new ExtensionConfigurationException("runs must be at least 1, was " + declared);
        }
        return Math.max(declared, wholeNumber(RUNS, context).orElse(declared));
    }

    private static Optional<Long> wholeNumber(String parameter, ExtensionContext context) {
        return context.getConfigurationParameter(parameter).map(text -> {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new ExtensionConfigurationException(parameter + " must be a whole number, was '" + text + "'", e);
            }
        });
    }
}
