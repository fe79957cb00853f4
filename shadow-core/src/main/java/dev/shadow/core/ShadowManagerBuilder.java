package dev.shadow.core;

import dev.shadow.core.detect.HeartbeatFailureDetector;
import dev.shadow.core.detect.HypervisorProbe;
import dev.shadow.core.failover.HypervisorFencer;
import dev.shadow.core.failover.StoreTrafficDirector;
import dev.shadow.core.internal.ControlPlane;
import dev.shadow.core.internal.NoFunctions;
import dev.shadow.core.internal.Ownership;
import dev.shadow.core.internal.Parts;
import dev.shadow.core.placement.HostDirectory;
import dev.shadow.core.placement.StoreLicenseLedger;
import dev.shadow.core.placement.online.CheapestHostSelector;
import dev.shadow.core.store.FileReplicaStore;
import dev.shadow.core.store.LocalCoordinator;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.SyncEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Wires a {@link ShadowManager}. Hypervisor, inventory, metrics, forecaster, synchronisation engine and a
 * store (or its directory) must be given; the rest has a default that works in one process. Nothing is
 * found on the class path, and nothing can be changed after {@link #build}. Not to be shared between
 * threads.
 */
public final class ShadowManagerBuilder {
    private static final int WORKERS = 8;
    private static final int PROBERS = 4;

    private @Nullable Hypervisor hypervisor;
    private @Nullable Inventory inventory;
    private @Nullable MetricsSource metrics;
    private @Nullable Forecaster forecaster;
    private @Nullable SyncEngine syncEngine;
    private @Nullable Path stateDirectory;
    private @Nullable ReplicaStore store;
    private @Nullable TrafficDirector trafficDirector;
    private @Nullable Fencer fencer;
    private @Nullable FailureDetector failureDetector;
    private @Nullable HostProbe hostProbe;
    private @Nullable HostSelector hostSelector;
    private @Nullable LicenseLedger licenseLedger;
    private @Nullable List<LicenseTerms> licenseTerms;
    private @Nullable Coordinator coordinator;
    private @Nullable FunctionRunner functionRunner;
    private @Nullable InstantSource clock;
    private @Nullable ScheduledExecutorService executor;
    private ManagerConfig config = ManagerConfig.DEFAULTS;

    ShadowManagerBuilder() {}

    /** Creates and activates instances. Required. */
    public ShadowManagerBuilder hypervisor(Hypervisor value) {
        hypervisor = value;
        return this;
    }

    /** Knows the fleet. Required. */
    public ShadowManagerBuilder inventory(Inventory value) {
        inventory = value;
        return this;
    }

    /** Measures; triggers watch it. Required. */
    public ShadowManagerBuilder metrics(MetricsSource value) {
        metrics = value;
        return this;
    }

    /** Forecasts for predictive triggers. Required. */
    public ShadowManagerBuilder forecaster(Forecaster value) {
        forecaster = value;
        return this;
    }

    /** Replicates. Required. */
    public ShadowManagerBuilder syncEngine(SyncEngine value) {
        syncEngine = value;
        return this;
    }

    /**
     * Keeps the records of the control plane in this directory, which is made if it is missing and belongs to
     * one manager at a time. This or {@link #store} is required.
     */
    public ShadowManagerBuilder stateDirectory(Path value) {
        stateDirectory = value;
        return this;
    }

    /** Keeps the records of the control plane; stays open when the manager closes. */
    public ShadowManagerBuilder store(ReplicaStore value) {
        store = value;
        return this;
    }

    /** Moves the clients. By default the route is a record in the store, see {@link ShadowManager#route}. */
    public ShadowManagerBuilder trafficDirector(TrafficDirector value) {
        trafficDirector = value;
        return this;
    }

    /**
     * Cuts old primaries off. By default the hypervisor is asked to pause the old instance, which confirms
     * nothing while its host does not answer.
     */
    public ShadowManagerBuilder fencer(Fencer value) {
        fencer = value;
        return this;
    }

    /** Judges hosts; stays open when the manager closes. By default {@link HeartbeatFailureDetector}. */
    public ShadowManagerBuilder failureDetector(FailureDetector value) {
        failureDetector = value;
        return this;
    }

    /** What the default failure detector asks. By default whether the hypervisor lists the host's instances. */
    public ShadowManagerBuilder hostProbe(HostProbe value) {
        hostProbe = value;
        return this;
    }

    /** Chooses hosts. By default {@link CheapestHostSelector#standard}. */
    public ShadowManagerBuilder hostSelector(HostSelector value) {
        hostSelector = value;
        return this;
    }

    /** Keeps account of licences. By default one in the store, by the {@link #licenseTerms}, or without pools. */
    public ShadowManagerBuilder licenseLedger(LicenseLedger value) {
        licenseLedger = value;
        return this;
    }

    /**
     * Keeps account of these products in the manager's own store, whether {@link #stateDirectory} or {@link #store}
     * gave it; hosts are looked up in the inventory. This or {@link #licenseLedger}, not both.
     */
    public ShadowManagerBuilder licenseTerms(Collection<LicenseTerms> value) {
        licenseTerms = List.copyOf(value);
        return this;
    }

    /** Decides which of several managers acts; stays open. By default this one does, {@link LocalCoordinator}. */
    public ShadowManagerBuilder coordinator(Coordinator value) {
        coordinator = value;
        return this;
    }

    /** Runs the functions that profiles name. By default there are none. */
    public ShadowManagerBuilder functionRunner(FunctionRunner value) {
        functionRunner = value;
        return this;
    }

    /** The time. By default the system's, with durations measured by its monotonic clock. */
    public ShadowManagerBuilder clock(InstantSource value) {
        clock = value;
        return this;
    }

    /**
     * Runs everything that happens in the background; stays open. It needs a few threads, because calls to
     * service providers block. By default a small one that the manager owns.
     */
    public ShadowManagerBuilder executor(ScheduledExecutorService value) {
        executor = value;
        return this;
    }

    /** Times, limits and names. By default {@link ManagerConfig#DEFAULTS}. */
    public ShadowManagerBuilder config(ManagerConfig value) {
        config = value;
        return this;
    }

    /**
     * Builds the manager; it does nothing until it is started or driven.
     *
     * @throws InvalidSetupException if anything is missing or contradicts itself, or the state directory cannot be
     *     opened; lists every problem
     */
    public ShadowManager build() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new InvalidSetupException(problems, null);
        }
        Deque<Runnable> closing = new ArrayDeque<>();
        ReplicaStore records = openStore(closing);
        InstantSource time = clock != null ? clock : InstantSource.system();
        LongSupplier ticker = clock != null ? nanosOf(clock) : System::nanoTime;
        Ownership ownership = new Ownership(
                coordinator != null ? coordinator : LocalCoordinator.over(records, time),
                time,
                config.owner(),
                config.leaseTime());
        ScheduledExecutorService work = executor != null ? executor : pool("shadow-manager-", WORKERS, closing);
        Hypervisor compute = Objects.requireNonNull(hypervisor);
        Parts parts = new Parts(
                compute,
                Objects.requireNonNull(inventory),
                Objects.requireNonNull(metrics),
                Objects.requireNonNull(forecaster),
                Objects.requireNonNull(syncEngine),
                records,
                trafficDirector != null ? trafficDirector : StoreTrafficDirector.over(records, ownership::token),
                fencer != null ? fencer : HypervisorFencer.over(compute, time),
                failureDetector != null ? failureDetector : detector(compute, time, ticker, closing),
                hostSelector != null ? hostSelector : CheapestHostSelector.standard(),
                licenseLedger != null
                        ? licenseLedger
                        : StoreLicenseLedger.over(
                                records,
                                licenseTerms != null ? licenseTerms : List.of(),
                                directory(Objects.requireNonNull(inventory), config.callTimeout()),
                                time,
                                ownership::token),
                functionRunner != null ? functionRunner : NoFunctions.INSTANCE,
                ownership,
                time,
                ticker,
                work,
                config);
        return new ShadowManager(new ControlPlane(parts, () -> closing.forEach(Runnable::run)));
    }

    private static HostDirectory directory(Inventory inventory, Duration timeout) {
        return id -> inventory.hosts(timeout).stream()
                .filter(host -> host.id().equals(id))
                .findFirst();
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        require(problems, hypervisor, "hypervisor");
        require(problems, inventory, "inventory");
        require(problems, metrics, "metrics");
        require(problems, forecaster, "forecaster");
        require(problems, syncEngine, "syncEngine");
        if (store == null && stateDirectory == null) {
            problems.add("stateDirectory or store must be given");
        }
        if (store != null && stateDirectory != null) {
            problems.add("stateDirectory and store exclude each other: give one of them");
        }
        if (failureDetector != null && hostProbe != null) {
            problems.add("failureDetector and hostProbe exclude each other: the probe serves the default detector");
        }
        if (licenseLedger != null && licenseTerms != null) {
            problems.add("licenseLedger and licenseTerms exclude each other: the terms serve the default ledger");
        }
        if (licenseTerms != null) {
            Set<String> products = new HashSet<>();
            licenseTerms.stream()
                    .map(LicenseTerms::product)
                    .filter(product -> !products.add(product))
                    .forEach(product -> problems.add("licenseTerms must name every product once, was " + product));
        }
        if (coordinator != null && config.owner().equals(ManagerConfig.DEFAULTS.owner())) {
            problems.add("config.owner must be a name of this manager's own when a coordinator is given, was \""
                    + config.owner() + '"');
        }
        return problems;
    }

    private static void require(List<String> problems, @Nullable Object part, String name) {
        if (part == null) {
            problems.add(name + " must be given");
        }
    }

    private ReplicaStore openStore(Deque<Runnable> closing) {
        if (store != null) {
            return store;
        }
        try {
            FileReplicaStore opened = FileReplicaStore.open(Objects.requireNonNull(stateDirectory));
            closing.push(opened::close);
            return opened;
        } catch (StoreException e) {
            throw new InvalidSetupException(List.of(String.valueOf(e.getMessage())), e);
        }
    }

    private FailureDetector detector(
            Hypervisor compute, InstantSource time, LongSupplier ticker, Deque<Runnable> closing) {
        ScheduledExecutorService probing = executor != null ? executor : pool("shadow-detector-", PROBERS, closing);
        HeartbeatFailureDetector detector = HeartbeatFailureDetector.create(
                hostProbe != null ? hostProbe : HypervisorProbe.over(compute),
                config.detector(),
                time,
                ticker,
                probing);
        closing.push(detector::close);
        return detector;
    }

    private ScheduledExecutorService pool(String prefix, int threads, Deque<Runnable> closing) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(threads, factory);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        pool.setRemoveOnCancelPolicy(true);
        Duration patience = config.callTimeout();
        closing.push(() -> end(pool, patience));
        return pool;
    }

    /** What runs may end; what waits is dropped, the next manager finds it in the store. */
    private static void end(ScheduledExecutorService pool, Duration patience) {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LoggerFactory.getLogger(ShadowManager.class)
                        .warn("a call to a service provider has not returned after {}; closing goes on", patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LongSupplier nanosOf(InstantSource clock) {
        Instant start = clock.instant();
        return () -> Duration.between(start, clock.instant()).toNanos();
    }
}
