package dev.shadow.core.internal;

import dev.shadow.core.internal.document.FailoverRun;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries one failover through its steps. Each step is recorded before it is tried and after it succeeded,
 * so that another manager goes on where this one stood.
 *
 * <p>What ends a failover early depends on how far it came. Before the promotion was tried nothing has
 * happened to the data, and it is refused. Once the promotion was tried on one replica, another one needs
 * another generation: the failover ends, the machine is marked as one that must fail over, and the next turn
 * begins a new failover that cuts off whatever the first one may have started. After the activation it is
 * tried until it succeeds.
 */
final class Failover {
    private static final int FENCE_ATTEMPTS_BEST_EFFORT = 2;

    private final VmContext context;
    private final Fleet fleet;

    Failover(VmContext context, Fleet fleet) {
        this.context = context;
        this.fleet = fleet;
    }

    /** Where a failover stands after a turn. */
    sealed interface Progress {
        /** It goes on after a pause. */
        record Waiting(Duration pause) implements Progress {}

        /** There is something to report; if it was held up it goes on after a pause as well. */
        record Reported(FailoverReport report, Optional<Duration> pause) implements Progress {}
    }

    /** Begins a failover, or returns the report of its refusal. */
    Optional<FailoverReport> begin(String reason, Instant detectedAt) throws StoreException {
        Serving from = context.state.primary.orElseThrow();
        Optional<ReplicaEntry> best = best(from);
        if (best.isEmpty()) {
            return Optional.of(refusal(from, reason + "; " + whyNone(from), detectedAt));
        }
        context.watch.seal(context.vm);
        ReplicaEntry entry = best.get();
        FailoverRun run = new FailoverRun(
                context.vm,
                context.state.nextFailover,
                from,
                entry.place(),
                context.highest().next(),
                reason,
                detectedAt);
        run.kept = context.records.isInSync(entry.replica.id());
        context.records.save(run);
        context.run = Optional.of(run);
        context.state.issued = run.generation;
        context.state.nextFailover = run.number + 1;
        context.records.save(context.state);
        context.action("failover " + run.number + " begins: " + from + " -> " + run.to + ": " + reason);
        context.tell(new ShadowEvent.FailoverStarted(context.now(), context.vm, from.host(), run.to.host(), reason));
        return Optional.empty();
    }

    /** In sync first, then the order of activation, then the least lag; never on a host that is suspected. */
    private Optional<ReplicaEntry> best(Serving from) throws StoreException {
        List<Ranked> ranked = new ArrayList<>();
        for (ReplicaEntry entry : context.entries) {
            if (whyNot(entry, from).isEmpty()) {
                Duration lag = context.watch
                        .session(entry.replica.id())
                        .map(session -> session.status().lag())
                        .orElse(entry.replica.sync().lag());
                ranked.add(new Ranked(entry, context.records.isInSync(entry.replica.id()), lag));
            }
        }
        return ranked.stream()
                .min(Comparator.comparing((Ranked r) -> !r.inSync())
                        .thenComparing(r -> r.entry().replica.order())
                        .thenComparing(Ranked::lag)
                        .thenComparing(r -> r.entry().replica.id()))
                .map(Ranked::entry);
    }

    private record Ranked(ReplicaEntry entry, boolean inSync, Duration lag) {}

    private Optional<String> whyNot(ReplicaEntry entry, Serving from) {
        if (!entry.isReady()) {
            return Optional.of("is " + (entry.isLive() ? entry.replica.state().name() : "being removed"));
        }
        if (entry.place().equals(from) || entry.replica.host().equals(from.host())) {
            return Optional.of("stands on the primary's host");
        }
        Verdict verdict = context.verdict(entry.replica.host());
        boolean usable = verdict == Verdict.ALIVE || verdict == Verdict.UNKNOWN;
        return usable
                ? Optional.empty()
                : Optional.of("stands on host " + entry.replica.host() + ", which is " + verdict);
    }

    private String whyNone(Serving from) {
        List<String> reasons = new ArrayList<>();
        for (ReplicaEntry entry : context.entries) {
            whyNot(entry, from).ifPresent(why -> reasons.add(entry.replica.id() + " " + why));
        }
        return reasons.isEmpty() ? "there is no shadow" : "no shadow can be activated: " + String.join(", ", reasons);
    }

    /** Takes as many steps as can be taken now. */
    Progress advance(FailoverRun run, PlacementProfile profile) throws StoreException {
        while (run.step != FailoverStep.DEPROVISION) {
            if (run.stepStartedAt.isEmpty()) {
                run.stepStartedAt = Optional.of(context.now());
            }
            run.attempts++;
            context.records.save(run);
            try {
                hooks(run, profile, StepHook.When.BEFORE, run.step);
                Optional<FailoverReport> refused = take(run, profile);
                if (refused.isPresent()) {
                    return new Progress.Reported(refused.get(), Optional.empty());
                }
            } catch (StoreException e) {
                throw e;
            } catch (SpiException e) {
                Optional<Progress> stop = stumble(run, profile, text(e), e.retry());
                if (stop.isPresent()) {
                    return stop.get();
                }
            } catch (StaleGenerationException e) {
                Optional<Progress> stop = stumble(run, profile, text(e), Retry.PERMANENT);
                if (stop.isPresent()) {
                    return stop.get();
                }
            }
        }
        return new Progress.Reported(finish(run, profile), Optional.empty());
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Returns a report if the step ended the failover. */
    private Optional<FailoverReport> take(FailoverRun run, PlacementProfile profile) throws SpiException {
        switch (run.step) {
            case FENCE -> {
                FenceReport fence = context.parts
                        .fencer()
                        .fence(context.vm, run.from.instance(), run.from.host(), call(run, "fence/" + run.attempts));
                run.fence = Optional.of(fence);
                boolean confirmed = fence.outcome() == FenceReport.Outcome.CONFIRMED;
                if (!confirmed && profile.fence() == FenceRequirement.CONFIRMED) {
                    throw new FenceException(
                            Retry.TRANSIENT, fence.confirmedBy() + " could not confirm the fence: " + fence.evidence());
                }
                done(run, profile, fence.outcome() + " by " + fence.confirmedBy() + ": " + fence.evidence());
            }
            case PROMOTE -> {
                String carried = promote(run, profile);
                done(
                        run,
                        profile,
                        carried + "epoch " + run.promotion.orElseThrow().epoch() + " in generation " + run.generation);
            }
            case ACTIVATE -> {
                var active = context.parts
                        .hypervisor()
                        .activate(run.to.instance(), run.to.host(), ActivationMode.TAKE_OVER, call(run, "activate"));
                run.endpoint = active.endpoint();
                done(
                        run,
                        profile,
                        "serves at " + active.endpoint().map(Object::toString).orElse("no endpoint"));
            }
            case REDIRECT -> {
                if (run.endpoint.isPresent()) {
                    context.parts.trafficDirector().redirect(context.vm, run.endpoint.get(), call(run, "redirect"));
                }
                done(run, profile, "to " + run.endpoint.map(Object::toString).orElse("nowhere: no endpoint is known"));
            }
            case DEPROVISION -> throw new IllegalStateException("the old primary is removed by the ordinary passes");
        }
        return Optional.empty();
    }

    private String promote(FailoverRun run, PlacementProfile profile) throws SyncException {
        try {
            SyncSession session = session(run, profile);
            String carried = run.attempts == 1 ? carryOver(run, session) : "";
            run.promotion =
                    Optional.of(context.watch.exclusively(context.vm, () -> session.promote(call(run, "promote"))));
            return carried;
        } catch (StaleGenerationException e) {
            // This generation was given to this failover alone: an earlier attempt took effect and its answer was lost.
            Optional<SyncStatus> last = entry(run.to).map(entry -> entry.replica.sync());
            if (!e.highestSeen().equals(run.generation)
                    || !last.map(SyncStatus::isPromotable).orElse(false)) {
                throw e;
            }
            run.promotion = Optional.of(new Promotion(
                    run.generation,
                    last.get().committedEpoch().orElseThrow(),
                    last.get().committedAt().orElseThrow(),
                    0));
            return "promoted by an earlier attempt, at least ";
        }
    }

    private CallContext call(FailoverRun run, String what) {
        return context.call(context.vm + "/failover-" + run.number + "/" + what, run.generation);
    }

    private SyncSession session(FailoverRun run, PlacementProfile profile) throws SyncException {
        Optional<SyncSession> open = context.watch.session(run.to.instance());
        if (open.isEmpty()) {
            open = context.parts.syncEngine().session(run.to.instance());
        }
        if (open.isPresent()) {
            return open.get();
        }
        ReplicaEntry entry = entry(run.to)
                .orElseThrow(
                        () -> new SyncException(Retry.PERMANENT, "replica " + run.to + " is not recorded any more"));
        return context.parts
                .syncEngine()
                .open(
                        new ReplicaSteps(context, fleet).spec(entry, profile),
                        context.parts.config().callTimeout());
    }

    /**
     * With the old primary held but its host alive, one more epoch brings everything that it acknowledged. A
     * failure costs nothing but the attempt.
     */
    private String carryOver(FailoverRun run, SyncSession session) {
        boolean held =
                run.fence.map(f -> f.outcome() == FenceReport.Outcome.CONFIRMED).orElse(false);
        SyncPhase phase = session.status().phase();
        boolean flows = phase == SyncPhase.ASYNCHRONOUS || phase == SyncPhase.SYNCHRONOUS;
        if (!held || !flows || context.verdict(run.from.host()) != Verdict.ALIVE) {
            return "";
        }
        try {
            long epoch = context.watch.exclusively(
                    context.vm,
                    () -> session.commitEpoch(context.call(
                            context.vm + "/failover-" + run.number + "/last-epoch",
                            session.spec().generation())));
            run.kept = true;
            return "carried over up to epoch " + epoch + ", ";
        } catch (SyncException | StaleGenerationException e) {
            return "nothing more could be carried over (" + text(e) + "), ";
        }
    }

    private Optional<ReplicaEntry> entry(Serving place) {
        return context.entries.stream()
                .filter(entry -> entry.place().equals(place))
                .findFirst();
    }

    private void done(FailoverRun run, PlacementProfile profile, String detail) throws StoreException {
        Instant started = run.stepStartedAt.orElseThrow();
        Duration took = Duration.between(started, context.now());
        StepReport report = new StepReport(
                run.step, started, took.isNegative() ? Duration.ZERO : took, Math.max(1, run.attempts), detail);
        run.steps.add(report);
        FailoverStep taken = run.step;
        run.step = after(taken);
        run.stepStartedAt = Optional.empty();
        run.attempts = 0;
        context.records.save(run);
        context.action("failover " + run.number + ": " + taken + ": " + detail);
        context.tell(new ShadowEvent.FailoverStepTaken(context.now(), context.vm, report));
        try {
            hooks(run, profile, StepHook.When.AFTER, taken);
        } catch (SpiException e) {
            context.problem("function after " + taken + " failed, the failover goes on: " + text(e));
        }
    }

    private static FailoverStep after(FailoverStep step) {
        return switch (step) {
            case FENCE -> FailoverStep.PROMOTE;
            case PROMOTE -> FailoverStep.ACTIVATE;
            case ACTIVATE -> FailoverStep.REDIRECT;
            case REDIRECT, DEPROVISION -> FailoverStep.DEPROVISION;
        };
    }

    private void hooks(FailoverRun run, PlacementProfile profile, StepHook.When when, FailoverStep step)
            throws SpiException {
        int index = 0;
        for (StepHook hook : profile.hooks()) {
            index++;
            if (hook.when() == when && hook.step() == step) {
                Map<String, String> input = Map.of(
                        "when", when.name(),
                        "step", step.name(),
                        "from", run.from.host().value(),
                        "to", run.to.host().value(),
                        "generation", run.generation.toString());
                var answer = context.parts
                        .functionRunner()
                        .run(hook.function(), context.vm, input, call(run, "hook-" + index));
                context.action("function " + hook.function() + " answered " + answer);
            }
        }
    }

    /** Returns what a failed step means, or nothing if the failover goes on at once. */
    private Optional<Progress> stumble(FailoverRun run, PlacementProfile profile, String problem, Retry retry)
            throws StoreException {
        context.problem("failover " + run.number + ": " + run.step + " failed: " + problem);
        boolean bestEffort = run.step == FailoverStep.FENCE
                && profile.fence() == FenceRequirement.BEST_EFFORT
                && (run.attempts >= FENCE_ATTEMPTS_BEST_EFFORT || retry == Retry.PERMANENT);
        if (bestEffort) {
            run.fence = Optional.of(new FenceReport(
                    FenceReport.Outcome.UNCONFIRMED, "manager", shortened(problem, 500), context.now()));
            done(run, profile, "not confirmed, and the profile goes on without: " + problem);
            return Optional.empty();
        }
        Instant deadline =
                run.stepStartedAt.orElseThrow().plus(context.parts.config().stepDeadline());
        Duration pause = context.parts.config().delayBefore(run.attempts);
        boolean targetDead = context.verdict(run.to.host()) == Verdict.DEAD;
        boolean again = retry == Retry.TRANSIENT
                && context.now().plus(pause).isBefore(deadline)
                && !(targetDead && run.step != FailoverStep.REDIRECT);
        if (again) {
            context.records.save(run);
            return Optional.of(new Progress.Waiting(pause));
        }
        return Optional.of(
                switch (run.step) {
                    case FENCE -> new Progress.Reported(refuse(run, problem), Optional.empty());
                    case PROMOTE, ACTIVATE -> {
                        // The last copy is never given up, whatever speaks against it.
                        yield hasOther(run)
                                ? new Progress.Reported(abandon(run, profile, problem), Optional.empty())
                                : new Progress.Reported(heldUp(run, problem), Optional.of(pause));
                    }
                    case REDIRECT, DEPROVISION -> new Progress.Reported(heldUp(run, problem), Optional.of(pause));
                });
    }

    /** Whether another replica could take over in this one's place. */
    private boolean hasOther(FailoverRun run) {
        return context.entries.stream()
                .anyMatch(entry ->
                        !entry.place().equals(run.to) && whyNot(entry, run.from).isEmpty());
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }

    private FailoverReport refuse(FailoverRun run, String problem) throws StoreException {
        context.state.fenceTried = true;
        context.records.save(context.state);
        context.records.removeFailover(context.vm);
        context.run = Optional.empty();
        context.watch.unseal(context.vm);
        return report(
                run,
                Outcome.REFUSED,
                "the old primary " + run.from
                        + " is not confirmed to be fenced, and two active primaries are worse than" + " none: "
                        + problem + "; started because " + run.reason);
    }

    private FailoverReport heldUp(FailoverRun run, String problem) throws StoreException {
        run.heldUp = true;
        context.records.save(run);
        return report(run, Outcome.INCOMPLETE, run.step + " is held up and goes on being tried: " + problem);
    }

    /** This replica is given up; the next failover fences it like an old primary. */
    private FailoverReport abandon(FailoverRun run, PlacementProfile profile, String problem) throws StoreException {
        boolean mayServe = run.step == FailoverStep.ACTIVATE;
        String reason = run.step + " on " + run.to + " failed: " + problem;
        context.state.mustFailOver = shortened(reason, 700);
        if (mayServe) {
            context.state.stale.put(run.from, profile.oldPrimary() == OldPrimary.DEPROVISION);
            context.state.primary = Optional.of(run.to);
            context.state.generation = run.generation;
        }
        context.records.save(context.state);
        Optional<ReplicaEntry> entry = entry(run.to);
        if (entry.isPresent() && entry.get().replica.state().mayBecome(ReplicaState.FAILED)) {
            context.change(entry.get(), ReplicaState.FAILED, reason);
        }
        context.records.removeFailover(context.vm);
        context.run = Optional.empty();
        return report(run, Outcome.INCOMPLETE, reason + "; another failover follows");
    }

    private FailoverReport finish(FailoverRun run, PlacementProfile profile) throws StoreException {
        Optional<ReplicaEntry> entry = entry(run.to);
        context.state.primary = Optional.of(run.to);
        context.state.generation = run.generation;
        context.state.mustFailOver = "";
        context.state.fenceTried = false;
        context.state.stale.remove(run.to);
        boolean failed = entry(run.from)
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
        Optional<ReplicaEntry> old = entry(run.from);
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

    private FailoverReport refusal(Serving from, String reason, Instant detectedAt) {
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
}
