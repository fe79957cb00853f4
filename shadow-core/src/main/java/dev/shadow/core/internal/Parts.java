package dev.shadow.core.internal;

import dev.shadow.core.ManagerConfig;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.sync.SyncEngine;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Everything that the control plane stands on. */
public record Parts(
        Hypervisor hypervisor,
        Inventory inventory,
        MetricsSource metrics,
        Forecaster forecaster,
        SyncEngine syncEngine,
        ReplicaStore store,
        TrafficDirector trafficDirector,
        Fencer fencer,
        FailureDetector failureDetector,
        HostSelector hostSelector,
        LicenseLedger licenseLedger,
        FunctionRunner functionRunner,
        Ownership ownership,
        InstantSource clock,
        LongSupplier nanoTicker,
        ScheduledExecutorService executor,
        ManagerConfig config) {}
