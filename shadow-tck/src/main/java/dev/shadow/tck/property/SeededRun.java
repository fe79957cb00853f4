package dev.shadow.tck.property;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/** One run of a {@link SeededTest}: names it, feeds it, and says how to repeat it if it fails. */
final class SeededRun implements TestTemplateInvocationContext, ParameterResolver, AfterEachCallback {
    private final long seed;
    private final SplittableRandom random;

    SeededRun(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return "run " + invocationIndex + ", seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == long.class || isGenerator(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return isGenerator(parameter.getParameter().getType()) ? random : seed;
    }

    private static boolean isGenerator(Class<?> type) {
        return type != Object.class && type.isAssignableFrom(SplittableRandom.class);
    }

    /** Comes after the test's own clean-up, so that a failure there is seen too. */
    @Override
    public void afterEach(ExtensionContext context) {
        context.getExecutionException()
                .ifPresent(failure -> failure.addSuppressed(new FailedSeed(howToRepeat(context))));
    }

    private String howToRepeat(ExtensionContext context) {
        return "seed %d; to repeat this run alone: mvn test -Dtest='%s#%s' -D%s=%d"
                        .formatted(
                                seed,
                                context.getRequiredTestClass().getName(),
                                context.getRequiredTestMethod().getName(),
                                SeededRuns.SEED,
                                seed)
                + " -Dsurefire.failIfNoSpecifiedTests=false";
    }

    /** Not a failure of its own: it stands beside one, where every report prints it. */
    @SuppressWarnings("serial")
    private static final class FailedSeed extends Exception {
        FailedSeed(String howToRepeat) {
            super(howToRepeat, null, false, false);
        }
    }
}
