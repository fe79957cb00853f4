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
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
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
    private final FailoverEnding ending;

    Failover(VmContext context, Fleet fleet) {
        this.context = context;
        this.fleet = fleet;
        this.ending = new FailoverEnding(context, fleet);
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
        FailoverTarget target = new FailoverTarget(context, from);
        Optional<ReplicaEntry> best = target.best();
        if (best.isEmpty()) {
            return Optional.of(ending.refusal(from, reason + "; " + target.whyNone(), detectedAt));
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

    /** Takes as many steps as can be taken now. */
    Progress advance(FailoverRun run, PlacementProfile profile) throws StoreException {
        runOwed(run, profile);
        while (run.step != FailoverStep.DEPROVISION) {
            if (run.stepStartedAt.isEmpty()) {
                run.stepStartedAt = Optional.of(context.now());
            }
            run.attempts++;
            context.records.save(run);
            try {
                new StepHooks(context, profile).before(around(run, run.step));
                take(run, profile);
            } catch (StoreException e) {
                throw e;
            } catch (FunctionException e) {
                return forbidden(run, profile, text(e), e.retry());
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
        return new Progress.Reported(ending.finish(run, profile), Optional.empty());
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void take(FailoverRun run, PlacementProfile profile) throws SpiException {
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
            Optional<SyncStatus> last = context.entry(run.to).map(entry -> entry.replica.sync());
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
        ReplicaEntry entry = context.entry(run.to)
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
        run.owed = Optional.of(taken);
        context.records.save(run);
        context.action("failover " + run.number + ": " + taken + ": " + detail);
        context.tell(new ShadowEvent.FailoverStepTaken(context.now(), context.vm, report));
        runOwed(run, profile);
    }

    /** That they have run is recorded with the next step; until then they are run again, with the same keys. */
    private void runOwed(FailoverRun run, PlacementProfile profile) {
        run.owed.ifPresent(taken -> new StepHooks(context, profile).after(around(run, taken)));
        run.owed = Optional.empty();
    }

    private static StepHooks.Around around(FailoverRun run, FailoverStep step) {
        return new StepHooks.Around(
                step, run.from, run.to, run.generation, run.vm + "/failover-" + run.number + "/" + step);
    }

    private static FailoverStep after(FailoverStep step) {
        return switch (step) {
            case FENCE -> FailoverStep.PROMOTE;
            case PROMOTE -> FailoverStep.ACTIVATE;
            case ACTIVATE -> FailoverStep.REDIRECT;
            case REDIRECT, DEPROVISION -> FailoverStep.DEPROVISION;
        };
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
                    FenceReport.Outcome.UNCONFIRMED, "manager", FailoverEnding.shortened(problem, 500), context.now()));
            done(run, profile, "not confirmed, and the profile goes on without: " + problem);
            return Optional.empty();
        }
        if (retry == Retry.TRANSIENT && isWorthRetrying(run)) {
            return Optional.of(waiting(run));
        }
        Duration pause = context.parts.config().delayBefore(run.attempts);
        return Optional.of(
                switch (run.step) {
                    case FENCE -> new Progress.Reported(ending.notFenced(run, problem), Optional.empty());
                    case PROMOTE, ACTIVATE -> {
                        // The last copy is never given up, whatever speaks against it.
                        yield new FailoverTarget(context, run.from).hasOtherThan(run.to)
                                ? new Progress.Reported(ending.abandon(run, profile, problem), Optional.empty())
                                : new Progress.Reported(ending.heldUp(run, problem), Optional.of(pause));
                    }
                    case REDIRECT, DEPROVISION ->
                        new Progress.Reported(ending.heldUp(run, problem), Optional.of(pause));
                });
    }

    /**
     * A function forbids the step. That says nothing against the replica, which therefore is kept, unless its
     * host died meanwhile.
     */
    private Progress forbidden(FailoverRun run, PlacementProfile profile, String problem, Retry retry)
            throws StoreException {
        context.problem("failover " + run.number + ": " + problem);
        if (retry == Retry.TRANSIENT && isWorthRetrying(run)) {
            return waiting(run);
        }
        if (run.step == FailoverStep.FENCE) {
            return new Progress.Reported(ending.forbidden(run, problem), Optional.empty());
        }
        boolean lost = run.step != FailoverStep.REDIRECT && isTargetDead(run);
        if (lost && new FailoverTarget(context, run.from).hasOtherThan(run.to)) {
            return new Progress.Reported(ending.abandon(run, profile, problem), Optional.empty());
        }
        Duration pause = context.parts.config().delayBefore(run.attempts);
        return new Progress.Reported(ending.heldUp(run, problem), Optional.of(pause));
    }

    private boolean isWorthRetrying(FailoverRun run) {
        Instant deadline =
                run.stepStartedAt.orElseThrow().plus(context.parts.config().stepDeadline());
        Duration pause = context.parts.config().delayBefore(run.attempts);
        return context.now().plus(pause).isBefore(deadline)
                && !(isTargetDead(run) && run.step != FailoverStep.REDIRECT);
    }

    private boolean isTargetDead(FailoverRun run) {
        return context.verdict(run.to.host()) == Verdict.DEAD;
    }

    private Progress waiting(FailoverRun run) throws StoreException {
        context.records.save(run);
        return new Progress.Waiting(context.parts.config().delayBefore(run.attempts));
    }
}
