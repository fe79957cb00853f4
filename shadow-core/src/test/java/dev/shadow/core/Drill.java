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
import dev.shadow.spi.failover.Fencer;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.spi.failover.TrafficDirector;
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

    final VirtualTime time = VirtualTime.create();
    final FakeFleet fleet = FakeFleet.on(time);
    final HostId a = fleet.addHost("a", "zone-1", ROOM);
    final HostId b = fleet.addHost("b", "zone-2", ROOM);
    final HostId c = fleet.addHost("c", "zone-3", ROOM);
    final VmDescription described = fleet.addVm("web", a, SIZE);
    final VmId vm = described.id();
    final FakeMetrics metrics = FakeMetrics.on(time, Duration.ofSeconds(30));
    final ReplicaStore store = MemoryReplicaStore.create();
    final List<ShadowEvent> events = new ArrayList<>();
    FakeSyncEngine sync = fleet.sync();

    Drill() {
        metrics.know(new MetricSubject.Vm(vm), Metric.CPU_PERCENT);
    }

    ShadowManager manager() {
        return manager(HostProcess.unharmed(), b -> b);
    }

    ShadowManager manager(HostProcess process, UnaryOperator<ShadowManagerBuilder> more) {
        sync = sync.reopen();
        ShadowManagerBuilder builder = ShadowManager.builder()
                .hypervisor(process.through(Hypervisor.class, fleet.hypervisor()))
                .inventory(process.through(Inventory.class, fleet.inventory()))
                .metrics(metrics)
                .forecaster(FakeForecaster.line(0.1, 1))
                .syncEngine(process.through(SyncEngine.class, sync))
                .store(process.through(ReplicaStore.class, store))
                .trafficDirector(process.through(TrafficDirector.class, fleet.traffic()))
                .fencer(process.through(Fencer.class, fleet.fencer()))
                .hostProbe(process.through(HostProbe.class, fleet.probe()))
                .clock(time)
                .executor(new Silent(process, time));
        ShadowManager manager = more.apply(builder).build();
        manager.subscribe(events::add);
        return manager;
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
