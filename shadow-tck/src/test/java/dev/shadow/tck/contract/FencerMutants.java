package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.ignoringGenerations;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.FenceReport.Outcome;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A wrong fencing device for every rule. */
final class FencerMutants {
    private FencerMutants() {}

    private static Mutant on(String rule, Mistake mistake) {
        return Mutant.of(rule, Fencer.class, "fence", mistake);
    }

    private static FenceReport report(Outcome outcome) {
        return new FenceReport(outcome, "mutant", "none", Instant.EPOCH);
    }

    @SuppressWarnings("unchecked")
    private static Set<InstanceId> serving(Call call) {
        return (Set<InstanceId>) Objects.requireNonNull(call.memory().get("serving"));
    }

    static List<Mutant> all() {
        return List.of(
                on("confirmedFenceMeansThatTheInstanceNeitherServesNorWrites", call -> {
                    Object answer = call.proceed();
                    serving(call).add(call.arg(1, InstanceId.class));
                    return answer;
                }),
                on("fenceRepeatedIsConfirmedAgain", call -> {
                    boolean again = !call.first("fenced " + call.args()[1]);
                    return again ? report(Outcome.UNCONFIRMED) : call.proceed();
                }),
                on("doubtIsNeverConfirmed", swallowing("timed out", report(Outcome.CONFIRMED))),
                on("fenceOfAnOlderGenerationCutsNothingOff", ignoringGenerations()),
                on("fencesThatInstanceAlone", call -> {
                    Object answer = call.proceed();
                    serving(call).clear();
                    return answer;
                }),
                on("fenceDoesNotOutlastItsTimeOut", outlasting()));
    }
}
