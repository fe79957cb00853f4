package dev.shadow.core.internal;

import dev.shadow.core.internal.document.TriggerMemory;
import dev.shadow.core.trigger.AccuracyGate;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.profile.ForecastUse;
import dev.shadow.spi.profile.Trigger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says whether predictive triggers may act, and remembers those that are held back. A verdict stands until the model is
 * fitted anew. Owned by the work on one virtual machine.
 */
final class ForecastProof {
    private final AccuracyGate gate;
    private final Map<Trigger, TriggerMemory> withheld = new HashMap<>();
    private final Map<Trigger, Verdict> verdicts = new HashMap<>();

    ForecastProof(AccuracyGate gate) {
        this.gate = gate;
    }

    /** Tests the forecast of one trigger on the past. */
    @FunctionalInterface
    interface Trial {
        Optional<ForecastAccuracy> run(int origins) throws MetricsException;
    }

    /**
     * Whether a trigger may act.
     *
     * @param objection why not; empty if it may
     */
    record Verdict(Instant fittedAt, Optional<ForecastAccuracy> accuracy, Optional<String> objection) {}

    Verdict verdict(Trigger.Predictive trigger, Instant fittedAt, Trial trial) throws MetricsException {
        Verdict known = verdicts.get(trigger);
        if (known != null && known.fittedAt().equals(fittedAt)) {
            return known;
        }
        Optional<ForecastAccuracy> accuracy = trial.run(gate.origins());
        Optional<String> objection = trigger.use() == ForecastUse.OBSERVE
                ? Optional.of("the profile lets it observe only")
                : gate.objection(accuracy);
        Verdict verdict = new Verdict(fittedAt, accuracy, objection);
        verdicts.put(trigger, verdict);
        return verdict;
    }

    /** What the trigger would remember if it could act; what it does remember if it is not held back. */
    TriggerMemory asIfActing(TriggerMemory memory) {
        return withheld.getOrDefault(memory.trigger(), memory);
    }

    /** Holds a trigger back; returns whether it was not before. */
    boolean withhold(TriggerMemory would) {
        return withheld.put(would.trigger(), would) == null;
    }

    void release(Trigger trigger) {
        withheld.remove(trigger);
    }

    /** Forgets what is no longer a trigger. */
    void keepOnly(List<Trigger> triggers) {
        withheld.keySet().retainAll(triggers);
        verdicts.keySet().retainAll(triggers);
    }
}
