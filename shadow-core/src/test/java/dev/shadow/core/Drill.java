package dev.shadow.core;

import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.tck.fake.FakeFleet;
import dev.shadow.tck.fake.FakeForecaster;
import dev.shadow.tck.fake.FakeFunctionRunner;
import dev.shadow.tck.fake.FakeMetrics;
import dev.shadow.tck.fake.FakeSyncEngine;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A fleet in three zones on virtual time, one virtual machine on host {@code a}, and managers over one store. */
final class Drill {
    static final Resources SIZE = new Resources(1000, 1 << 20, 1 << 20, 1000);
    static final Resources ROOM = new Resources(4000, 4 << 20, 4 << 20, 4000);
    static final Duration LONG = Duration.ofMinutes(5);

    final VirtualTime time;
    final FakeFleet fleet;
    final HostId a;
    final HostId b;
    final HostId c;
    final VmDescription described;
    final VmId vm;
    final FakeMetrics metrics;
    final FakeFunctionRunner functions;
    final ReplicaStore store = MemoryReplicaStore.create();
    final List<ShadowEvent> events = new ArrayList<>();
    FakeSyncEngine sync;

    Drill() {
        this(VirtualTime.create());
    }

    Drill(VirtualTime time) {
        this.time = time;
        fleet = FakeFleet.on(time);
        a = fleet.addHost("a", "zone-1", ROOM);
        b = fleet.addHost("b", "zone-2", ROOM);
        c = fleet.addHost("c", "zone-3", ROOM);
        described = fleet.addVm("web", a, SIZE);
        vm = described.id();
        sync = fleet.sync();
        metrics = FakeMetrics.on(time, Duration.ofSeconds(30));
        metrics.know(new MetricSubject.Vm(vm), Metric.CPU_PERCENT);
        functions = FakeFunctionRunner.on(time);
    }

    ShadowManager manager() {
        return manager(HostProcess.unharmed(), b -> b);
    }

    ShadowManager manager(HostProcess process, UnaryOperator<ShadowManagerBuilder> more) {
        ShadowManager manager = more.apply(wired(process)
                        .store(process.through(ReplicaStore.class, store))
                        .clock(time)
                        .executor(new Silent(process, time)))
                .build();
        manager.subscribe(events::add);
        return manager;
    }

    /** The fleet alone: no store, and the defaults for all the rest. */
    ShadowManagerBuilder wired(HostProcess process) {
        sync = sync.reopen();
        return ShadowManager.builder()
                .hypervisor(process.through(Hypervisor.class, fleet.hypervisor()))
                .inventory(process.through(Inventory.class, fleet.inventory()))
                .metrics(metrics)
                .forecaster(FakeForecaster.line(0.1, 1))
                .syncEngine(process.through(SyncEngine.class, sync))
                .trafficDirector(process.through(TrafficDirector.class, fleet.traffic()))
                .fencer(process.through(Fencer.class, fleet.fencer()))
                .hostProbe(process.through(HostProbe.class, fleet.probe()))
                .functionRunner(process.through(FunctionRunner.class, functions));
    }

    /** A started manager, once it has made as many ready shadows as the profile wants. */
    ShadowManager protectedBy(PlacementProfile profile) {
        return protectedBy(profile, b -> b);
    }

    ShadowManager protectedBy(PlacementProfile profile, UnaryOperator<ShadowManagerBuilder> more) {
        ShadowManager manager = manager(HostProcess.unharmed(), more);
        manager.apply(profile);
        manager.start();
        if (!within(LONG, () -> ready(manager, profile.shadowCount()))) {
            throw new AssertionError("not protected: " + events);
        }
        return manager;
    }

    /** The report of an ordered failover. */
    FailoverReport failedOver(ShadowManager manager) {
        var future = manager.failover(vm);
        if (!within(LONG, future::isDone)) {
            throw new AssertionError("the failover does not end: " + events);
        }
        time.runUntilIdle();
        return future.join();
    }

    PlacementProfile.Builder profile() {
        return PlacementProfile.builder(vm).shadows(1, Tier.ZONE);
    }

    boolean within(Duration most, BooleanSupplier condition) {
        return time.runUntil(condition, most);
    }

    static long standbys(ShadowManager manager, VmId vm) {
        return manager.replicas(vm).stream()
                .filter(replica -> replica.state() == ReplicaState.STANDBY)
                .count();
    }

    boolean ready(ShadowManager manager, int shadows) {
        return standbys(manager, vm) == shadows;
    }

    List<InstanceDescription> instances() {
        List<InstanceDescription> all = new ArrayList<>();
        for (HostId host : List.of(a, b, c)) {
            try {
                all.addAll(fleet.hypervisor().instances(host, Duration.ofSeconds(1)));
            } catch (dev.shadow.spi.compute.HypervisorException e) {
                all.addAll(List.of()); // a dead host shows nothing
            }
        }
        return all;
    }

    List<InstanceDescription> running() {
        return instances().stream().filter(i -> i.power() == PowerState.RUNNING).toList();
    }

    <E extends ShadowEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static ShadowReplica only(List<ShadowReplica> replicas) {
        if (replicas.size() != 1) {
            throw new AssertionError("one replica expected, were " + replicas);
        }
        return replicas.get(0);
    }
}
