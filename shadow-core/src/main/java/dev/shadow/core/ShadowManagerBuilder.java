package dev.shadow.core;

import dev.shadow.core.detect.HeartbeatFailureDetector;
import dev.shadow.core.detect.HypervisorProbe;
import dev.shadow.core.failover.HypervisorFencer;
import dev.shadow.core.failover.StoreTrafficDirector;
import dev.shadow.core.function.LocalFunctionRunner;
import dev.shadow.core.internal.ControlPlane;
import dev.shadow.core.internal.Parts;
import dev.shadow.core.placement.StoreLicenseLedger;
import dev.shadow.core.placement.WeightedHostSelector;
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
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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

    /** Chooses hosts. By default {@link WeightedHostSelector#standard}. */
    public ShadowManagerBuilder hostSelector(HostSelector value) {
        hostSelector = value;
        return this;
    }

    /** Keeps account of licences. By default one in the store that has no pools. */
    public ShadowManagerBuilder licenseLedger(LicenseLedger value) {
        licenseLedger = value;
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
}
