package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.confusing;
import static dev.shadow.tck.contract.Mutant.outlasting;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A wrong runner of functions for every rule. */
final class FunctionRunnerMutants {
    private FunctionRunnerMutants() {}

    private static Mutant on(String rule, Mistake mistake) {
        return Mutant.of(rule, FunctionRunner.class, "run", mistake);
    }

    static List<Mutant> all() {
        return List.of(
                on("functionIsToldItsInputAndItsVirtualMachine", call -> {
                    Map<Object, Object> answer = new HashMap<>((Map<?, ?>) Objects.requireNonNull(call.proceed()));
                    answer.remove("vm");
                    return answer;
                }),
                on("answerMayBeEmpty", call -> {
                    Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(call.proceed());
                    return answer.isEmpty() ? Map.of("status", "done") : answer;
                }),
                on(
                        "runRepeatedWithItsKeyHasTheEffectOfOne",
                        call -> call.with(
                                3,
                                CallContext.of(
                                        call.context().key() + "-" + call.count(),
                                        call.context().generation(),
                                        call.context().timeout()))),
                on(
                        "runWithAnotherKeyHasItsOwnEffect",
                        call -> call.args()[0].equals("count") && call.count() > 1 ? Map.of() : call.proceed()),
                on("unknownFunctionIsRefusedForGood", confusing("is unknown")),
                on("functionThatRefusesFailsForGood", confusing("refuses")),
                on("unreachableFunctionMayBeTriedAgain", confusing("timed out")),
                on("runDoesNotOutlastItsTimeOut", outlasting()),
                on("runsMayOverlap", boundToOneThread()));
    }
}
