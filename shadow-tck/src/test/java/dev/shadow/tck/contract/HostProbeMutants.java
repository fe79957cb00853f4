package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.util.List;
import java.util.Objects;

/** A wrong probe for every rule. */
final class HostProbeMutants {
    private HostProbeMutants() {}

    private static Mutant on(String rule, Mistake mistake) {
        return Mutant.of(rule, HostProbe.class, "probe", mistake);
    }

    static List<Mutant> all() {
        return List.of(
                on("probeOfAHostThatAnswersReturns", call -> {
                    Object answer = call.proceed();
                    if (!Mutant.isOtherThread()) {
                        throw new DetectionException(Retry.TRANSIENT, "answered, and was not heard");
                    }
                    return answer;
                }),
                on("probeOfADeadHostFails", swallowing("refused", null)),
                on("probeOfAHangingHostFails", swallowing("did not answer", null)),
                on("failureTellsWhatWasSeen", call -> {
                    try {
                        return call.proceed();
                    } catch (DetectionException e) {
                        boolean refused = Objects.requireNonNull(e.getMessage()).contains("refused");
                        throw refused ? new DetectionException(Retry.TRANSIENT, " ") : e;
                    }
                }),
                on("probeDoesNotOutlastItsTimeOut", outlasting()),
                on("probesMayOverlap", boundToOneThread()));
    }
}
