package dev.shadow.core.internal;

import dev.shadow.core.internal.document.FailoverRun;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the records when a failover ends, stops or is held up, and the report of it. Owned by the work
 * on one virtual machine.
 */
final class FailoverEnding {
    private final VmContext context;
    private final Fleet fleet;

    FailoverEnding(VmContext context, Fleet fleet) {
        this.context = context;
        this.fleet = fleet;
    }

    /** The fence is not confirmed, and may hold the old primary all the same. */
    FailoverReport notFenced(FailoverRun run, String problem) throws StoreException {
        context.state.fenceTried = true;
        context.records.save(context.state);
        return refused(
                run,
                "the old primary " + run.from
                        + " is not confirmed to be fenced, and two active primaries are worse than none: " + problem
                        + "; started because " + run.reason);
    }

    /** A function of the platform forbids to begin. */
    FailoverReport forbidden(FailoverRun run, String problem) throws StoreException {
        return refused(run, problem + "; started because " + run.reason);
    }

    private FailoverReport refused(FailoverRun run, String reason) throws StoreException {
        context.records.removeFailover(context.vm);
        context.run = Optional.empty();
        context.watch.unseal(context.vm);
        return report(run, Outcome.REFUSED, reason);
    }

    /** Some step will be tried for as long as it takes. */
    FailoverReport heldUp(FailoverRun run, String problem) throws StoreException {
        run.heldUp = true;
        context.records.save(run);
        return report(run, Outcome.INCOMPLETE, run.step + " is held up and goes on being tried: " + problem);
    }

    /** This replica is given up; the next failover fences it like an old primary. */
    FailoverReport abandon(FailoverRun run, PlacementProfile profile, String problem) throws StoreException {
        boolean mayServe = run.step == FailoverStep.ACTIVATE;
        String reason = run.step + " on " + run.to + " failed: " + problem;
        context.state.mustFailOver = shortened(reason, 700);
        if (mayServe) {
            context.state.stale.put(run.from, profile.oldPrimary() == OldPrimary.DEPROVISION);
            context.state.primary = Optional.of(run.to);
            context.state.generation = run.generation;
        }
        context.records.save(context.state);
        Optional<ReplicaEntry> entry = context.entry(run.to);
        if (entry.isPresent() && entry.get().replica.state().mayBecome(ReplicaState.FAILED)) {
            context.change(entry.get(), ReplicaState.FAILED, reason);
        }
        context.records.removeFailover(context.vm);
        context.run = Optional.empty();
        return report(run, Outcome.INCOMPLETE, reason + "; another failover follows");
    }

    /** The replica serves. */
    FailoverReport finish(FailoverRun run, PlacementProfile profile) throws StoreException {
        Optional<ReplicaEntry> entry = context.entry(run.to);
        context.state.primary = Optional.of(run.to);
        context.state.generation = run.generation;
        context.state.mustFailOver = "";
        context.state.fenceTried = false;
        context.state.stale.remove(run.to);
        boolean failed = context.entry(run.from)
                .map(old -> old.replica.state() == ReplicaState.FAILED)
                .orElse(false);
        context.state.stale.put(run.from, failed || profile.oldPrimary() == OldPrimary.DEPROVISION);
        context.records.save(context.state);
        if (entry.isPresent() && entry.get().replica.state() != ReplicaState.ACTIVE) {
            ReplicaEntry active = entry.get();
            PerformanceMetrics before = active.replica.performance();
            Optional<Duration> activation = run.steps.stream()
                    .filter(step -> step.step() == FailoverStep.ACTIVATE)
                    .map(StepReport::duration)
                    .findFirst();
            active.replica = active.replica
                    .withGeneration(run.generation)
                    .withPerformance(new PerformanceMetrics(
                            before.seedBytes(), before.warmUp(), 0, before.worstLag(), activation));
            context.change(active, ReplicaState.ACTIVE, "took over from " + run.from);
            new ReplicaSteps(context, fleet).closeSession(active);
        }
        Optional<ReplicaEntry> old = context.entry(run.from);
        if (old.isPresent()) {
            context.watch.forget(run.from.instance());
            context.records.removeReplica(run.from.instance());
            context.entries.remove(old.get());
        }
        context.records.removeFailover(context.vm);
        context.run = Optional.empty();
        context.watch.unseal(context.vm);
        return report(run, Outcome.SUCCEEDED, run.reason);
    }

    private FailoverReport report(FailoverRun run, Outcome outcome, String reason) {
        FailoverReport report = new FailoverReport(
                context.vm,
                outcome,
                shortened(reason, 1000),
                run.from.host(),
                run.promotion.isPresent() ? Optional.of(run.to.host()) : Optional.empty(),
                run.generation,
                run.detectedAt,
                later(context.now(), run.detectedAt),
                run.steps,
                run.fence,
                run.promotion,
                run.kept);
        context.action("failover " + run.number + " " + outcome + ": " + reason);
        return report;
    }

    /** Nothing was begun. */
    FailoverReport refusal(Serving from, String reason, Instant detectedAt) {
        return new FailoverReport(
                context.vm,
                Outcome.REFUSED,
                shortened(reason, 1000),
                from.host(),
                Optional.empty(),
                context.state.generation,
                detectedAt,
                later(context.now(), detectedAt),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
