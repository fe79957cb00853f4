package dev.shadow.core.internal;

import dev.shadow.core.ControlPlaneException;
import dev.shadow.core.PassReport;
import dev.shadow.core.PassReport.VmPass;
import dev.shadow.core.PrimaryInstance;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.VmId;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.CoordinationException;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control loop behind the manager. Thread-safe. */
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final Parts parts;
    private final Runnable onClose;
    private final Records records;
    private final EventHub hub;
    private final SyncWatch watch;
    private final Placer placer = new Placer();
    private final Brake brake;
    private final Map<VmId, VmWorker> workers = new ConcurrentHashMap<>();
    private final Turns turns;
    private final Set<Order> orders = ConcurrentHashMap.newKeySet();
    private final LeakScan leaks;
    private final Subscription health;
    private final Object lifecycle = new Object();
    private final Object profileLock = new Object();
    private volatile Optional<Fleet> fleet = Optional.empty();
    private volatile boolean closed;
    private volatile long lastPassNanos;
    private volatile boolean passedBefore;
    private @Nullable ScheduledFuture<?> ticking;

    /** Returns a control plane that does nothing until it is started or driven. */
    public ControlPlane(Parts parts, Runnable onClose) {
        this.parts = parts;
        this.onClose = onClose;
        this.records = new Records(parts.store(), parts.ownership());
        this.hub = new EventHub(parts.executor());
        this.turns = new Turns(parts.executor(), this::turn);
        this.leaks = new LeakScan(parts, records, hub);
        this.watch = new SyncWatch(parts, records, this::progressed);
        this.brake = new Brake(parts.config().startBrake(), parts.clock().instant());
        this.health = parts.failureDetector().subscribe(this::judged);
    }

    private Duration timeout() {
        return parts.config().callTimeout();
    }

    private Instant now() {
        return parts.clock().instant();
    }

    /** See {@code ShadowManager}. */
    public void apply(PlacementProfile profile) {
        refuseIfClosed();
        refuseUnknownFunctions(profile);
        try {
            if (parts.inventory().vm(profile.vm(), timeout()).isEmpty()) {
                throw new InvalidValueException(
                        "vm", '"' + profile.vm().value() + '"', "be a virtual machine that the inventory knows");
            }
            own();
            synchronized (profileLock) {
                records.save(profile);
            }
        } catch (SpiException e) {
            throw new ControlPlaneException("the profile of " + profile.vm() + " was not applied", e);
        }
        hub.tell(new ShadowEvent.ProfileApplied(now(), profile));
        pokeIfStarted(profile.vm());
    }

    private void refuseUnknownFunctions(PlacementProfile profile) {
        if (!profile.hooks().isEmpty() && parts.functionRunner() == NoFunctions.INSTANCE) {
            throw new InvalidValueException(
                    "hooks", profile.hooks().toString(), "be empty while the manager has no function runner");
        }
    }

    /** See {@code ShadowManager}. */
    public void remove(VmId vm) {
        refuseIfClosed();
        boolean removed;
        try {
            own();
            synchronized (profileLock) {
                removed = records.removeProfile(vm);
            }
        } catch (SpiException e) {
            throw new ControlPlaneException("the profile of " + vm + " was not removed", e);
        }
        if (removed) {
            hub.tell(new ShadowEvent.ProfileRemoved(now(), vm));
            pokeIfStarted(vm);
        }
    }

    private void own() throws CoordinationException {
        if (!parts.ownership().hold()) {
            throw new CoordinationException(
                    SpiException.Retry.TRANSIENT, "another manager owns the control plane: ask that one, or try again");
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("the manager is closed: build a new one on the same store");
        }
    }

    /** See {@code ShadowManager}. */
    public List<PlacementProfile> profiles() {
        try {
            return records.profiles().stream()
                    .sorted(Comparator.comparingInt(PlacementProfile::priority)
                            .reversed()
                            .thenComparing(PlacementProfile::vm))
                    .toList();
        } catch (StoreException e) {
            throw new ControlPlaneException("the profiles cannot be read", e);
        }
    }

    /** See {@code ShadowManager}. */
    public PassReport pass() {
        refuseIfClosed();
        Instant startedAt = now();
        long startedNanos = parts.nanoTicker().getAsLong();
        List<String> problems = new ArrayList<>();
        List<VmPass> passes = new ArrayList<>();
        boolean owner = prepare(problems);
        if (owner) {
            for (VmId vm : byPriority(problems)) {
                passes.add(worker(vm).pass(fleet.orElseThrow()));
            }
            leaks.scan(fleet.orElseThrow(), problems);
        }
        Duration took = Duration.ofNanos(Math.max(0, parts.nanoTicker().getAsLong() - startedNanos));
        return new PassReport(startedAt, took, owner, passes, problems);
    }

    /** Returns whether this manager may act, with the fleet at hand. */
    private boolean prepare(List<String> problems) {
        noticeStall();
        try {
            if (!parts.ownership().hold()) {
                return false;
            }
            List<HostDescription> hosts = parts.inventory().hosts(timeout());
            fleet = Optional.of(new Fleet(hosts));
            Set<HostId> ids = new HashSet<>();
            hosts.forEach(host -> ids.add(host.id()));
            parts.failureDetector().watch(ids);
            ids.forEach(id -> brake.see(parts.failureDetector().health(id)));
        } catch (CoordinationException e) {
            problems.add("the lease cannot be held: " + e.getMessage());
        } catch (InventoryException e) {
            problems.add("the hosts cannot be listed: " + e.getMessage());
        }
        return fleet.isPresent() && parts.ownership().isOwner();
    }

    private void noticeStall() {
        long nanos = parts.nanoTicker().getAsLong();
        Duration since = Duration.ofNanos(nanos - lastPassNanos);
        Duration most = parts.config().passInterval().plus(parts.config().stallThreshold());
        if (passedBefore && isTicking() && since.compareTo(most) > 0) {
            LOG.warn("this manager stood still for {}: hosts get time to answer before it fails anything over", since);
            brake.pull(now());
        }
        lastPassNanos = nanos;
        passedBefore = true;
    }

    private boolean isTicking() {
        synchronized (lifecycle) {
            return ticking != null;
        }
    }

    private List<VmId> byPriority(List<String> problems) {
        try {
            Map<VmId, Integer> priorities = new HashMap<>();
            records.profiles().forEach(profile -> priorities.put(profile.vm(), profile.priority()));
            return records.vms().stream()
                    .sorted(Comparator.comparingInt((VmId vm) -> -priorities.getOrDefault(vm, -1))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (StoreException e) {
            problems.add("the store cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private VmWorker worker(VmId vm) {
        return workers.computeIfAbsent(
                vm, v -> new VmWorker(parts, records, watch, hub, placer, brake, this::turnLater, v));
    }

    private void scanQuietly() {
        List<String> problems = new ArrayList<>();
        if (!closed && parts.ownership().isOwner()) {
            leaks.scan(fleet.orElseThrow(), problems);
        }
        problems.forEach(problem -> LOG.warn("{}", problem));
    }

    /** See {@code ShadowManager}. */
    public void start() {
        synchronized (lifecycle) {
            refuseIfClosed();
            if (ticking != null) {
                return;
            }
            brake.pull(now());
            passedBefore = false;
            ticking = parts.executor()
                    .scheduleWithFixedDelay(
                            this::tick, 0, parts.config().passInterval().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** One started pass: the machines are worked on side by side, each at most once at a time. */
    private void tick() {
        try {
            List<String> problems = new ArrayList<>();
            if (!closed && prepare(problems)) {
                byPriority(problems).forEach(turns::soon);
                turns.submit(this::scanQuietly, Duration.ZERO);
            }
            problems.forEach(problem -> LOG.warn("{}", problem));
        } catch (RuntimeException e) {
            LOG.error("a pass failed in itself; the next one tries again", e);
        } finally {
            // What a slow provider takes within a pass is no stall of this process.
            lastPassNanos = parts.nanoTicker().getAsLong();
        }
    }

    private void pokeIfStarted(VmId vm) {
        if (isTicking()) {
            turns.soon(vm);
        }
    }

    private void turnLater(VmId vm, Duration pause) {
        if (pause.isZero()) {
            pokeIfStarted(vm);
        } else {
            turns.later(vm, pause);
        }
    }

    private void turn(VmId vm) {
        if (!closed && parts.ownership().isOwner()) {
            VmPass pass = worker(vm).pass(fleet.orElseThrow());
            LOG.debug("{}", pass);
        }
    }

    /** On a thread of the detector. */
    private void judged(HostHealth verdict) {
        brake.see(verdict);
        if (closed) {
            return;
        }
        hub.tell(new ShadowEvent.HostVerdictChanged(now(), verdict));
        if (isTicking()) {
            turns.submit(() -> workers.keySet().forEach(turns::soon), Duration.ZERO);
        }
    }

    private void progressed(SyncWatch.Progress progress) {
        boolean changed = progress.before() != progress.status().phase();
        try {
            Optional<ReplicaEntry> entry = records.replicas(progress.vm()).stream()
                    .filter(e -> e.replica.id().equals(progress.replica()))
                    .findFirst();
            if (entry.isPresent()) {
                boolean newlyUsable = entry.get().replica.state() == ReplicaState.WARMING
                        && progress.status().isPromotable();
                boolean seeding = entry.get().replica.state() == ReplicaState.WARMING;
                if (changed || seeding) {
                    hub.tell(new ShadowEvent.SyncProgressed(
                            now(), live(entry.get(), Optional.of(progress.status())), progress.before()));
                }
                if (changed || newlyUsable) {
                    pokeIfStarted(progress.vm());
                }
            }
        } catch (StoreException e) {
            LOG.debug("progress of {} is not told, the store cannot be read", progress.replica(), e);
        }
    }

    private static ShadowReplica live(ReplicaEntry entry, Optional<SyncStatus> status) {
        boolean fits = status.isPresent()
                && entry.isLive()
                && status.get().generation().equals(entry.replica.generation())
                && (status.get().isPromotable() || entry.replica.state() != ReplicaState.STANDBY);
        return fits ? entry.replica.withSync(status.orElseThrow()) : entry.replica;
    }

    /** See {@code ShadowManager}. */
    public CompletableFuture<FailoverReport> failover(VmId vm) {
        refuseIfClosed();
        CompletableFuture<FailoverReport> future = new CompletableFuture<>();
        Order order = new Order(vm, future);
        orders.add(order);
        var unused = future.whenComplete((report, failure) -> orders.remove(order));
        try {
            parts.executor().execute(() -> failover(vm, future));
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(e);
        }
        if (closed) {
            endOrders();
        }
        return future;
    }

    /** Lets nobody wait for a report that this manager will not make any more. */
    private void endOrders() {
        orders.forEach(order -> order.future.completeExceptionally(
                new IllegalStateException("the manager was closed before the failover of " + order.vm
                        + " ended; the next manager on the same store goes on with it if it had begun")));
    }

    /** A failover that was ordered and has no report yet. Told apart by identity. */
    private static final class Order {
        private final VmId vm;
        private final CompletableFuture<FailoverReport> future;

        Order(VmId vm, CompletableFuture<FailoverReport> future) {
            this.vm = vm;
            this.future = future;
        }
    }

    private void failover(VmId vm, CompletableFuture<FailoverReport> future) {
        if (closed) {
            return;
        }
        try {
            own();
            if (fleet.isEmpty()) {
                fleet = Optional.of(new Fleet(parts.inventory().hosts(timeout())));
            }
            worker(vm).failover(fleet.orElseThrow(), future);
        } catch (SpiException e) {
            future.completeExceptionally(new ControlPlaneException("the failover of " + vm + " did not begin", e));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    /** See {@code ShadowManager}. */
    public List<ShadowReplica> replicas(VmId vm) {
        try {
            return records.replicas(vm).stream()
                    .map(entry -> live(entry, watch.session(entry.replica.id()).map(s -> s.status())))
                    .sorted(Comparator.comparingInt(ShadowReplica::order).thenComparing(ShadowReplica::id))
                    .toList();
        } catch (StoreException e) {
            throw new ControlPlaneException("the replicas of " + vm + " cannot be read", e);
        }
    }

    /** See {@code ShadowManager}. */
    public Optional<PrimaryInstance> primary(VmId vm) {
        try {
            var state = records.vm(vm);
            return state.primary.map(p -> new PrimaryInstance(vm, p.instance(), p.host(), state.generation));
        } catch (StoreException e) {
            throw new ControlPlaneException("the primary of " + vm + " cannot be read", e);
        }
    }

    /** See {@code ShadowManager}. */
    public Optional<Route> route(VmId vm) {
        try {
            return parts.trafficDirector().route(vm, timeout());
        } catch (SpiException e) {
            throw new ControlPlaneException("the route of " + vm + " cannot be read", e);
        }
    }

    /** See {@code ShadowManager}. */
    public HostHealth health(HostId host) {
        return parts.failureDetector().health(host);
    }

    /** See {@code ShadowManager}. */
    public Subscription subscribe(Consumer<ShadowEvent> listener) {
        return hub.subscribe(listener);
    }

    /** See {@code ShadowManager}. */
    public void close() {
        synchronized (lifecycle) {
            if (closed) {
                return;
            }
            closed = true;
            if (ticking != null) {
                ticking.cancel(false);
            }
        }
        health.close();
        watch.close();
        onClose.run();
        endOrders();
    }
}
