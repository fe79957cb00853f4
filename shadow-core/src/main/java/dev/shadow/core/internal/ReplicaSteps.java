package dev.shadow.core.internal;

import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.ReplicaEntry.Step;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Makes, follows and removes the replicas of one virtual machine; each call is the next idempotent step. */
final class ReplicaSteps {
    private final VmContext context;
    private final Fleet fleet;

    ReplicaSteps(VmContext context, Fleet fleet) {
        this.context = context;
        this.fleet = fleet;
    }

    /**
     * Takes a live replica as far as it can go now.
     *
     * @param serves whether the primary is well; while it is not, nothing new is made or begun from it
     */
    void drive(ReplicaEntry entry, PlacementProfile profile, VmDescription described, boolean serves)
            throws StoreException {
        if (!serves) {
            observe(entry);
            return;
        }
        refollow(entry);
        Optional<String> lost = lost(entry);
        if (lost.isPresent()) {
            fail(entry, lost.get(), Duration.ZERO);
            return;
        }
        if (entry.retryAt.map(at -> at.isAfter(context.now())).orElse(false)) {
            return;
        }
        try {
            if (entry.step == Step.SELECTED && !create(entry, described)) {
                return;
            }
            if (entry.step == Step.CREATED
                    || context.watch.session(entry.replica.id()).isEmpty()) {
                startSync(entry, profile);
            }
        } catch (SpiException e) {
            if (e instanceof StoreException storeFailed) {
                throw storeFailed;
            }
            stumble(entry, e.getMessage() == null ? e.toString() : e.getMessage(), e.retry());
            return;
        } catch (StaleGenerationException e) {
            stumble(entry, e.getMessage() == null ? e.toString() : e.getMessage(), Retry.PERMANENT);
            return;
        }
        observe(entry);
    }

    /** A replica of another primary, or of an older generation, follows the present primary from now on. */
    private void refollow(ReplicaEntry entry) throws StoreException {
        Serving primary = context.state.primary.orElseThrow();
        boolean follows =
                entry.source.equals(primary) && entry.replica.generation().equals(context.state.generation);
        if (follows) {
            return;
        }
        closeSession(entry);
        context.records.saveInSync(entry.replica.id(), false);
        entry.source = primary;
        entry.step = entry.step == Step.STARTED ? Step.CREATED : entry.step;
        entry.attempts = 0;
        entry.retryAt = Optional.empty();
        ShadowReplica moved = entry.replica
                .withGeneration(context.state.generation)
                .withPerformance(new PerformanceMetrics(
                        0, Optional.empty(), 0, entry.replica.performance().worstLag(), Optional.empty()));
        String why = "follows " + primary + " in generation " + context.state.generation;
        if (moved.state() == ReplicaState.STANDBY) {
            entry.replica = moved;
            context.change(entry, ReplicaState.WARMING, why);
        }
        context.save(
                entry,
                entry.replica
                        .withGeneration(context.state.generation)
                        .withSync(SyncStatus.opened(context.state.generation, context.now())));
        context.action(entry.replica.id() + " " + why);
    }

    /** Why a replica can no longer be used where it is, if that is so. */
    private Optional<String> lost(ReplicaEntry entry) {
        HostId host = entry.replica.host();
        Serving primary = context.state.primary.orElseThrow();
        if (host.equals(primary.host())) {
            return Optional.of("the primary moved to its host " + host);
        }
        if (fleet.host(host).isEmpty()) {
            return Optional.of("host " + host + " is gone from the inventory");
        }
        boolean primaryLives = context.verdict(primary.host()) == Verdict.ALIVE;
        if (context.verdict(host) == Verdict.DEAD && primaryLives) {
            return Optional.of("host " + host + " is dead");
        }
        return Optional.empty();
    }

    private boolean create(ReplicaEntry entry, VmDescription described) throws SpiException {
        Duration ttl = context.parts.config().licenseReservation();
        String key = entry.replica.id().value();
        boolean licensed = !described.licenses().isEmpty();
        if (licensed) {
            boolean granted = context.parts
                    .licenseLedger()
                    .reserve(
                            entry.replica.id(),
                            entry.replica.host(),
                            described.licenses(),
                            ttl,
                            context.call(key + "/reserve", context.state.generation))
                    .isPresent();
            if (!granted) {
                fail(entry, "no licences are free any more: " + described.licenses(), Duration.ZERO);
                return false;
            }
        }
        var created = context.parts
                .hypervisor()
                .create(
                        new InstanceSpec(entry.replica.id(), context.vm, entry.replica.host(), entry.size),
                        context.call(key + "/create", context.state.generation));
        Objects.requireNonNull(created, "created");
        if (licensed) {
            var committed = context.parts
                    .licenseLedger()
                    .commit(entry.replica.id(), context.call(key + "/license", context.state.generation));
            Objects.requireNonNull(committed, "committed");
        }
        entry.step = Step.CREATED;
        entry.attempts = 0;
        entry.retryAt = Optional.empty();
        context.records.save(entry);
        context.action(entry.replica.id() + " created on " + entry.replica.host());
        return true;
    }

    private void startSync(ReplicaEntry entry, PlacementProfile profile) throws SpiException {
        SyncSpec spec = spec(entry, profile);
        SyncSession session =
                context.parts.syncEngine().open(spec, context.parts.config().callTimeout());
        var unused = context.watch.exclusively(context.vm, () -> {
            session.start(context.call(
                    entry.replica.id() + "/start/" + entry.replica.generation(), entry.replica.generation()));
            return session;
        });
        context.watch.follow(session);
        if (entry.step != Step.STARTED) {
            entry.step = Step.STARTED;
            context.action(entry.replica.id() + " replicates from " + entry.source);
        }
        entry.attempts = 0;
        entry.retryAt = Optional.empty();
        context.records.save(entry);
    }

    SyncSpec spec(ReplicaEntry entry, PlacementProfile profile) {
        return new SyncSpec(
                context.vm,
                entry.source.instance(),
                entry.source.host(),
                entry.replica.id(),
                entry.replica.host(),
                entry.replica.generation(),
                profile.syncMethod(),
                profile.syncMode(),
                profile.onLinkLoss(),
                profile.rpo(),
                context.parts.config().writeTimeout());
    }

    private void observe(ReplicaEntry entry) throws StoreException {
        Optional<SyncSession> session = context.watch.session(entry.replica.id());
        if (session.isEmpty()) {
            return;
        }
        SyncStatus status = session.get().status();
        if (status.phase() == SyncPhase.FAILED || status.phase() == SyncPhase.PROMOTED) {
            fail(
                    entry,
                    "its replication ended in phase " + status.phase()
                            + (status.detail().isEmpty() ? "" : ": " + status.detail()),
                    context.parts.config().exclusionTime());
            return;
        }
        if (status.phase() == SyncPhase.INTERRUPTED && !status.detail().isEmpty()) {
            context.problem("replication to " + entry.replica.id() + " on " + entry.replica.host() + " is interrupted: "
                    + status.detail());
        }
        if (status.phase() == SyncPhase.CLOSED) {
            context.watch.forget(entry.replica.id());
            entry.step = Step.CREATED;
            context.records.save(entry);
            return;
        }
        boolean usable = status.isPromotable() && status.generation().equals(entry.replica.generation());
        if (!usable) {
            return;
        }
        entry.replica = measured(entry, status);
        if (entry.replica.state() == ReplicaState.WARMING) {
            ready(entry, status);
        }
    }

    /** Progress is kept in memory; what is recorded is the change of state. */
    private static ShadowReplica measured(ReplicaEntry entry, SyncStatus status) {
        PerformanceMetrics before = entry.replica.performance();
        Duration worst = before.worstLag().compareTo(status.lag()) < 0 ? status.lag() : before.worstLag();
        boolean standby = entry.replica.state() == ReplicaState.STANDBY;
        return entry.replica
                .withSync(status)
                .withPerformance(new PerformanceMetrics(
                        before.seedBytes(),
                        before.warmUp(),
                        status.bytesPerSecond(),
                        standby ? worst : before.worstLag(),
                        before.activation()));
    }

    private void ready(ReplicaEntry entry, SyncStatus status) throws StoreException {
        boolean first = entry.replica.performance().warmUp().isEmpty();
        Instant began = entry.replica.generation().value() == 0 || entry.decidedAt.isAfter(entry.replica.since())
                ? entry.decidedAt
                : entry.replica.since();
        Duration warmUp = nonNegative(Duration.between(began, context.now()));
        if (first) {
            entry.replica = entry.replica.withPerformance(new PerformanceMetrics(
                    status.sentBytes(), Optional.of(warmUp), status.bytesPerSecond(), Duration.ZERO, Optional.empty()));
            context.state.warmUp = Optional.of(warmUp);
        }
        context.change(
                entry,
                ReplicaState.STANDBY,
                "holds epoch " + status.committedEpoch().orElseThrow() + " after " + warmUp);
    }

    private static Duration nonNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** Tries again later, or gives the host up. */
    private void stumble(ReplicaEntry entry, String problem, Retry retry) throws StoreException {
        entry.attempts++;
        context.problem(entry.replica.id() + " on " + entry.replica.host() + ": " + problem);
        boolean ready = entry.replica.state() == ReplicaState.STANDBY;
        boolean giveUp = retry == Retry.PERMANENT
                || (!ready && entry.attempts >= context.parts.config().createAttempts());
        if (giveUp) {
            fail(entry, problem, context.parts.config().exclusionTime());
            return;
        }
        entry.retryAt = Optional.of(context.now().plus(context.parts.config().delayBefore(entry.attempts)));
        context.records.save(entry);
    }

    void fail(ReplicaEntry entry, String why, Duration exclusion) throws StoreException {
        if (!exclusion.isZero()) {
            context.state.excluded.put(entry.replica.host(), context.now().plus(exclusion));
            context.records.save(context.state);
        }
        entry.retryAt = Optional.empty();
        entry.attempts = 0;
        context.change(entry, ReplicaState.FAILED, why);
    }

    /** Removes a replica that is not wanted, or failed; its record goes when nothing is left of it. */
    void clear(ReplicaEntry entry, String why) throws StoreException {
        if (entry.step != Step.RETIRING) {
            entry.step = Step.RETIRING;
            entry.retryAt = Optional.empty();
            entry.attempts = 0;
            context.records.save(entry);
            context.action(entry.replica.id() + " is removed: " + why);
        }
        if (entry.retryAt.map(at -> at.isAfter(context.now())).orElse(false)) {
            return;
        }
        closeSession(entry);
        boolean hostIsGone = fleet.host(entry.replica.host()).isEmpty();
        try {
            if (!hostIsGone) {
                context.parts
                        .hypervisor()
                        .deprovision(
                                entry.replica.id(),
                                entry.replica.host(),
                                context.call(entry.replica.id() + "/deprovision", context.highest()));
            }
            context.parts
                    .licenseLedger()
                    .release(entry.replica.id(), context.call(entry.replica.id() + "/release", context.highest()));
        } catch (SpiException | StaleGenerationException e) {
            entry.attempts++;
            entry.retryAt =
                    Optional.of(context.now().plus(context.parts.config().delayBefore(entry.attempts)));
            context.records.save(entry);
            context.problem(
                    entry.replica.id() + " could not be removed from " + entry.replica.host() + ": " + e.getMessage());
            return;
        }
        ReplicaState before = entry.replica.state();
        entry.replica = entry.replica.in(ReplicaState.RETIRED, context.now(), why);
        context.records.removeReplica(entry.replica.id());
        context.entries.remove(entry);
        context.tell(new ShadowEvent.ReplicaChanged(context.now(), entry.replica, Optional.of(before)));
    }

    void closeSession(ReplicaEntry entry) {
        Optional<SyncSession> session = context.watch.session(entry.replica.id());
        if (session.isEmpty()) {
            session = context.parts.syncEngine().session(entry.replica.id());
        }
        context.watch.forget(entry.replica.id());
        session.ifPresent(open -> {
            try {
                var unused = context.watch.exclusively(context.vm, () -> {
                    open.close();
                    return open;
                });
            } catch (SyncException e) {
                context.problem("session of " + entry.replica.id() + " could not be closed: " + e.getMessage());
            }
        });
    }
}
