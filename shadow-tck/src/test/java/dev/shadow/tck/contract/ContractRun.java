package dev.shadow.tck.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** A run of a contract against a fake with at most one mutant in it, by the JUnit engine itself. */
record ContractRun(Set<String> passed, Set<String> failed, Set<String> skipped) {
    static ContractRun of(Class<?> test, @Nullable Mutant mutant) {
        Mutant.activate(mutant);
        try {
            Events events = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(test))
                    .execute()
                    .testEvents();
            return new ContractRun(names(events.succeeded()), names(events.failed()), names(events.aborted()));
        } finally {
            Mutant.activate(null);
        }
    }

    static Set<String> rulesOf(Class<?> test) {
        Set<String> rules = new TreeSet<>();
        for (Class<?> type = test; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    rules.add(method.getName());
                }
            }
        }
        return rules;
    }

    static String whyFailed(Class<?> test, @Nullable Mutant mutant) {
        Mutant.activate(mutant);
        try {
            return EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(test))
                    .execute()
                    .testEvents()
                    .failed()
                    .stream()
                    .map(event -> name(event) + ": "
                            + event.getRequiredPayload(TestExecutionResult.class)
                                    .getThrowable()
                                    .map(Throwable::toString)
                                    .orElse(""))
                    .collect(Collectors.joining("\n"));
        } finally {
            Mutant.activate(null);
        }
    }

    private static Set<String> names(Events events) {
        return events.stream().map(ContractRun::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }
}
