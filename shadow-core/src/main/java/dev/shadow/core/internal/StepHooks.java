package dev.shadow.core.internal;

import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.Generation;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import java.util.List;
import java.util.Map;

/**
 * Runs the functions that a profile names around the steps of a failover. The keys of the calls follow from
 * the failover, so that a function that is run again after a crash knows that it is. Owned by the work on one
 * virtual machine.
 */
final class StepHooks {
    private final VmContext context;
    private final List<StepHook> hooks;

    StepHooks(VmContext context, PlacementProfile profile) {
        this.context = context;
        this.hooks = profile.hooks();
    }

    /** What the functions run around. */
    record Around(FailoverStep step, Serving from, Serving to, Generation generation, String key) {}

    /** Runs the functions before a step; one that fails forbids it. */
    void before(Around around) throws FunctionException {
        run(StepHook.When.BEFORE, around);
    }

    /** Runs the functions after a step; the first one that fails is reported and ends them. */
    void after(Around around) {
        try {
            run(StepHook.When.AFTER, around);
        } catch (FunctionException e) {
            context.problem(e.getMessage() + "; the failover goes on");
        }
    }

    private void run(StepHook.When when, Around around) throws FunctionException {
        int index = 0;
        for (StepHook hook : hooks) {
            index++;
            if (hook.when() == when && hook.step() == around.step()) {
                run(hook, around, around.key() + "/hook-" + index);
            }
        }
    }

    private void run(StepHook hook, Around around, String key) throws FunctionException {
        Map<String, String> input = Map.of(
                "when", hook.when().name(),
                "step", around.step().name(),
                "from", around.from().host().value(),
                "to", around.to().host().value(),
                "generation", around.generation().toString());
        try {
            var answer = context.parts
                    .functionRunner()
                    .run(hook.function(), context.vm, input, context.call(key, around.generation()));
            context.action("function " + hook.function() + " answered " + answer);
        } catch (FunctionException e) {
            throw new FunctionException(
                    e.retry(),
                    "function " + hook.function() + " " + hook.when() + " " + around.step() + " failed: "
                            + e.getMessage(),
                    e);
        }
    }
}
