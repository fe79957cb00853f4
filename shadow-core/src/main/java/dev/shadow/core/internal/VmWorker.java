package dev.shadow.core.internal;

import dev.shadow.core.ControlPlaneException;
import dev.shadow.core.PassReport.VmPass;
import dev.shadow.core.internal.document.FailoverRun;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.ReplicaEntry.Step;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.profile.FailoverStart;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** All work on one virtual machine, one turn at a time. Thread-safe: turns wait for one another. */
final class VmWorker {
    private final Parts parts;
    private final Records records;
    private final SyncWatch watch;
    private final EventHub hub;
    private final Placer placer;
    private final Brake brake;
    private final BiConsumer<VmId, Duration> again;
    private final VmId vm;
    private final TriggerDesk triggers;
    private final ReentrantLock turn = new ReentrantLock();

    /** Who ordered a failover and waits for its report. */
    private final List<CompletableFuture<FailoverReport>> waiting = new CopyOnWriteArrayList<>();

    // Guarded by turn.
    private final Set<String> told = new HashSet<>();
    private final OldPrimaries oldPrimaries = new OldPrimaries();
    private final ProtectionNews protection = new ProtectionNews();
    private int refusals;
    private Instant noFailoverBefore = Instant.MIN;
    private Instant runPausedUntil = Instant.MIN;
    private String refusalAsTold = "";

    VmWorker(
            Parts parts,
            Records records,
            SyncWatch watch,
            EventHub hub,
            Placer placer,
            Brake brake,
            BiConsumer<VmId, Duration> again,
            VmId vm) {
        this.parts = parts;
        this.records = records;
        this.watch = watch;
        this.hub = hub;
        this.placer = placer;
        this.brake = brake;
        this.again = again;
        this.vm = vm;
        this.triggers = new TriggerDesk(parts, vm);
    }

    /** Takes one turn and says what it found and did. */
    VmPass pass(Fleet fleet) {
        turn.lock();
        try {
            VmContext context = new VmContext(parts, records, watch, hub, vm, told);
            int wanted = 0;
            try {
                wanted = reconcile(context, fleet);
                records.save(context.state);
            } catch (InvalidValueException e) {
                context.problem("a service provider gave a value that is refused: " + e.getMessage());
            }
            context.forgetSolvedProblems();
            int ready = ready(context);
            protection.tell(context, wanted, ready);
            return new VmPass(vm, wanted, ready, context.actions, context.problems);
        } catch (StoreException e) {
            return storeFailed(e);
        } finally {
            turn.unlock();
        }
    }

    /** Told at once and not recorded, since the store is what failed. */
    private VmPass storeFailed(StoreException e) {
        String problem = "the store failed: " + e.getMessage();
        if (told.add(problem)) {
            hub.tell(new ShadowEvent.ProblemReported(parts.clock().instant(), vm, problem));
        }
        return new VmPass(vm, 0, 0, List.of(), List.of(problem));
    }

    private static int ready(VmContext context) {
        return (int) context.entries.stream().filter(ReplicaEntry::isReady).count();
    }

    /** Returns the shadows that are wanted. */
    private int reconcile(VmContext context, Fleet fleet) throws StoreException {
        if (context.run.isPresent()) {
            watch.seal(vm);
            goOn(context, fleet);
            return context.profile.map(PlacementProfile::shadowCount).orElse(0);
        }
        Optional<VmDescription> described = observePrimary(context);
        if (context.state.primary.isEmpty()) {
            clearAll(context, fleet, "its machine is unknown");
            return 0;
        }
        oldPrimaries.clear(context);
        boolean begun = context.profile.isPresent() && failOverIfNeeded(context, fleet, context.profile.get());
        if (begun || context.profile.isEmpty()) {
            if (context.profile.isEmpty()) {
                clearAll(context, fleet, "its profile was removed");
            }
            return context.profile.map(PlacementProfile::shadowCount).orElse(0);
        }
        return replicas(context, fleet, context.profile.get(), described);
    }

    private Optional<VmDescription> observePrimary(VmContext context) {
        try {
            Optional<VmDescription> described =
                    parts.inventory().vm(vm, parts.config().callTimeout());
            if (described.isEmpty()) {
                context.problem("the inventory does not know the machine any more; its shadows stay as they are");
            }
            described.ifPresent(d -> observe(context, new Serving(d.instance(), d.host())));
            return described;
        } catch (InventoryException e) {
            context.problem("the inventory cannot be asked: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void observe(VmContext context, Serving told) {
        boolean first = context.state.inventory.isEmpty() && context.state.primary.isEmpty();
        boolean changed = !context.state.inventory.equals(Optional.of(told));
        boolean stale = context.state.stale.containsKey(told);
        if (first || (changed && !stale && !context.state.primary.equals(Optional.of(told)))) {
            context.state.primary = Optional.of(told);
            context.action("the primary is " + told);
        }
        context.state.inventory = Optional.of(told);
    }

    /** Returns whether a failover is under way now. */
    private boolean failOverIfNeeded(VmContext context, Fleet fleet, PlacementProfile profile) throws StoreException {
        Serving primary = context.state.primary.orElseThrow();
        HostHealth health = parts.failureDetector().health(primary.host());
        completeFencedButRefused(context, primary, health);
        boolean dead = health.verdict() == Verdict.DEAD && profile.failoverStart() == FailoverStart.AUTOMATIC;
        boolean ordered = !waiting.isEmpty();
        boolean must = !context.state.mustFailOver.isEmpty();
        Instant now = context.now();
        if (!ordered && !dead && !must) {
            refusals = 0;
            refusalAsTold = "";
            return false;
        }
        if (!ordered && now.isBefore(noFailoverBefore)) {
            return false;
        }
        if (!ordered && !must && brake.holds(primary.host(), now)) {
            context.problem("host " + primary.host() + " is dead, but this manager has only just begun to look");
            return false;
        }
        String reason = must
                ? context.state.mustFailOver
                : dead ? "host " + primary.host() + " is dead: " + String.join(", ", health.reasons()) : "ordered";
        Instant detectedAt = dead && !ordered && health.since().isBefore(now) && refusals == 0 ? health.since() : now;
        Optional<FailoverReport> refused = new Failover(context, fleet).begin(cut(reason), detectedAt);
        if (refused.isPresent()) {
            ended(context, refused.get());
            return false;
        }
        runPausedUntil = Instant.MIN;
        goOn(context, fleet);
        return true;
    }

    private static String cut(String text) {
        return text.length() <= 500 ? text : text.substring(0, 497) + "...";
    }

    /** A fence that nobody confirmed may have held the primary all the same. */
    private void completeFencedButRefused(VmContext context, Serving primary, HostHealth health) throws StoreException {
        if (!context.state.fenceTried || health.verdict() != Verdict.ALIVE) {
            return;
        }
        try {
            Optional<InstanceDescription> found = parts.hypervisor()
                    .describe(primary.instance(), primary.host(), parts.config().callTimeout());
            boolean runs = found.map(d -> d.power() == PowerState.RUNNING).orElse(false);
            context.state.fenceTried = false;
            context.state.mustFailOver = runs
                    ? ""
                    : "an earlier fence took effect: " + primary + " is "
                            + found.map(d -> d.power().name()).orElse("gone");
            records.save(context.state);
        } catch (HypervisorException e) {
            context.problem("primary " + primary + " cannot be looked at after a fence: " + e.getMessage());
        }
    }

    private void goOn(VmContext context, Fleet fleet) throws StoreException {
        FailoverRun run = context.run.orElseThrow();
        Instant now = context.now();
        if (now.isBefore(runPausedUntil)) {
            return;
        }
        Optional<PlacementProfile> profile = context.profile;
        // The profile may be gone meanwhile; the failover still ends as one with the defaults.
        PlacementProfile rules =
                profile.orElseGet(() -> PlacementProfile.builder(vm).build());
        Failover.Progress progress = new Failover(context, fleet).advance(run, rules);
        if (progress instanceof Failover.Progress.Waiting pause) {
            pauseRun(now, pause.pause());
        } else if (progress instanceof Failover.Progress.Reported reported) {
            reported.pause().ifPresent(pause -> pauseRun(now, pause));
            ended(context, reported.report());
        }
    }

    private void pauseRun(Instant now, Duration pause) {
        runPausedUntil = now.plus(pause);
        again.accept(vm, pause);
    }

    private void ended(VmContext context, FailoverReport report) {
        boolean refused = report.outcome() == Outcome.REFUSED;
        boolean ordered = !waiting.isEmpty();
        if (refused) {
            refusals++;
            noFailoverBefore = context.now().plus(parts.config().delayBefore(refusals));
            again.accept(vm, parts.config().delayBefore(refusals));
            context.problem("failover refused: " + report.reason());
        } else {
            refusals = 0;
        }
        String signature = report.outcome() + " " + report.reason();
        if (ordered || report.outcome() == Outcome.SUCCEEDED || !signature.equals(refusalAsTold)) {
            context.tell(new ShadowEvent.FailoverEnded(context.now(), report));
        }
        refusalAsTold = report.outcome() == Outcome.SUCCEEDED ? "" : signature;
        List<CompletableFuture<FailoverReport>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(future -> future.complete(report));
        if (!refused) {
            again.accept(vm, Duration.ZERO);
        }
    }

    /** Orders a failover; the future ends with its report. */
    void failover(Fleet fleet, CompletableFuture<FailoverReport> future) {
        turn.lock();
        try {
            VmContext context = new VmContext(parts, records, watch, hub, vm, told);
            if (context.profile.isEmpty()) {
                future.completeExceptionally(
                        new InvalidValueException("vm", '"' + vm.value() + '"', "have a profile: apply one first"));
                return;
            }
            waiting.add(future);
            runPausedUntil = Instant.MIN;
            if (context.run.isPresent()) {
                watch.seal(vm);
                goOn(context, fleet);
                tellUsed(context);
                return;
            }
            Optional<VmDescription> described = observePrimary(context);
            if (context.state.primary.isEmpty()) {
                waiting.removeIf(other -> other == future);
                future.completeExceptionally(new InvalidValueException(
                        "vm",
                        '"' + vm.value() + '"',
                        "be known to the inventory" + (described.isEmpty() ? "" : " fully")));
                return;
            }
            boolean begun = failOverIfNeeded(context, fleet, context.profile.get());
            records.save(context.state);
            if (begun) {
                tellUsed(context);
            }
            if (!begun && !future.isDone()) {
                waiting.removeIf(other -> other == future);
                future.completeExceptionally(new IllegalStateException("the failover of " + vm + " did not begin"));
            }
        } catch (StoreException e) {
            waiting.removeIf(other -> other == future);
            future.completeExceptionally(new ControlPlaneException("the failover of " + vm + " cannot be recorded", e));
        } finally {
            turn.unlock();
        }
    }

    /** A failover takes a shadow away, also if the next turn makes another one at once. */
    private void tellUsed(VmContext context) {
        int wanted = context.profile.map(PlacementProfile::shadowCount).orElse(0);
        protection.tell(context, wanted, ready(context));
    }

    private void clearAll(VmContext context, Fleet fleet, String why) throws StoreException {
        ReplicaSteps steps = new ReplicaSteps(context, fleet);
        for (ReplicaEntry entry : List.copyOf(context.entries)) {
            if (entry.replica.state() != ReplicaState.ACTIVE && !isPrimary(context, entry)) {
                steps.clear(entry, why);
            }
        }
    }

    private static boolean isPrimary(VmContext context, ReplicaEntry entry) {
        return context.state.primary.equals(Optional.of(entry.place()));
    }

    private int replicas(VmContext context, Fleet fleet, PlacementProfile profile, Optional<VmDescription> described)
            throws StoreException {
        boolean wantedNow = triggers.areShadowsWanted(
                context, profile, described.map(d -> d.size().diskBytes()));
        int wanted = wantedNow ? profile.shadowCount() : 0;
        ReplicaSteps steps = new ReplicaSteps(context, fleet);
        Serving primary = context.state.primary.orElseThrow();
        boolean serves = context.verdict(primary.host()) == Verdict.ALIVE && context.state.mustFailOver.isEmpty();
        for (ReplicaEntry entry : List.copyOf(context.entries)) {
            if (isPrimary(context, entry)) {
                continue;
            }
            boolean done = entry.step == Step.RETIRING || entry.replica.state() == ReplicaState.FAILED;
            if (!serves && entry.replica.sync().isPromotable() && (done || entry.replica.order() >= wanted)) {
                continue; // It may be the last copy.
            }
            if (done) {
                steps.clear(entry, entry.replica.reason().isEmpty() ? "not usable" : entry.replica.reason());
            } else if (entry.replica.state() == ReplicaState.ACTIVE) {
                steps.fail(entry, "the primary is " + context.state.primary.orElseThrow(), Duration.ZERO);
                steps.clear(entry, "it serves no longer");
            } else if (entry.replica.order() >= wanted) {
                steps.clear(entry, wantedNow ? "the profile wants " + wanted + " shadows" : "no trigger wants it");
            } else if (described.isPresent()) {
                steps.drive(entry, profile, described.get(), serves);
            }
        }
        if (!serves && context.entries.stream().filter(ReplicaEntry::isLive).count() < wanted) {
            context.problem("no shadow is made while the primary's host " + primary.host() + " is "
                    + context.verdict(primary.host()));
        } else if (described.isPresent()) {
            fill(context, fleet, profile, described.get(), wanted, steps);
        }
        return wanted;
    }

    /** A host that fails at once is excluded, and another is chosen in the same turn. */
    private void fill(
            VmContext context,
            Fleet fleet,
            PlacementProfile profile,
            VmDescription described,
            int wanted,
            ReplicaSteps steps)
            throws StoreException {
        for (int round = 0; round <= fleet.hosts().size(); round++) {
            List<Integer> missing = new ArrayList<>();
            for (int order = 0; order < wanted; order++) {
                int wantedOrder = order;
                if (context.entries.stream().noneMatch(e -> e.isLive() && e.replica.order() == wantedOrder)) {
                    missing.add(order);
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            List<ReplicaEntry> decided = placer.place(context, fleet, profile, described, missing);
            if (decided.isEmpty()) {
                return;
            }
            for (ReplicaEntry entry : decided) {
                steps.drive(entry, profile, described, true);
            }
        }
    }
}
