package dev.shadow.tck.fake;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.tck.time.VirtualTime;
import java.util.List;
import java.util.Set;

/**
 * A whole platform in memory, on one time line: adding, killing or cutting off a host here shows in the
 * inventory, the hypervisor, the replication and the probe alike. The verdicts of the {@link
 * #detector} are set by hand, so that a test decides when a failure is noticed. Thread-safe.
 */
public final class FakeFleet {
    private final FakeDisks disks = FakeDisks.create();
    private final FakeInventory inventory;
    private final FakeHypervisor hypervisor;
    private final FakeSyncEngine sync;
    private final FakeHostProbe probe;
    private final FakeFailureDetector detector;
    private final FakeTrafficDirector traffic;
    private final FakeFencer fencer;

    private FakeFleet(VirtualTime time) {
        inventory = FakeInventory.on(time);
        hypervisor = FakeHypervisor.on(time, disks);
        sync = FakeSyncEngine.on(time, disks);
        probe = FakeHostProbe.on(time);
        detector = FakeFailureDetector.on(time);
        traffic = FakeTrafficDirector.on(time);
        fencer = FakeFencer.on(time, hypervisor::cutOff);
    }

    /** Returns a fleet without hosts. */
    public static FakeFleet on(VirtualTime time) {
        return new FakeFleet(time);
    }

    /** Adds a host that has room and holds no licences. */
    public HostId addHost(String name, String zone, Resources capacity) {
        HostId id = HostId.of(name);
        FailureDomain domain = new FailureDomain("region", zone, "rack-" + name, name);
        addHost(new HostDescription(id, domain, capacity, Resources.NONE, true, Set.of(), Set.of(), 1));
        return id;
    }

    /** Adds a host. */
    public void addHost(HostDescription host) {
        inventory.put(host);
        hypervisor.addHost(host.id(), host.capacity());
        probe.set(host.id(), FakeHostProbe.Answer.ALIVE);
    }

    /** Adds a virtual machine whose primary runs on {@code host} as instance {@code <name>-primary}. */
    public VmDescription addVm(String name, HostId host, Resources size) {
        VmDescription vm =
                new VmDescription(VmId.of(name), InstanceId.of(name + "-primary"), host, size, List.of(), Set.of());
        inventory.put(vm);
        InstanceDescription primary =
                hypervisor.addPrimary(new InstanceSpec(vm.instance(), vm.id(), host, size), Generation.INITIAL);
        return new VmDescription(vm.id(), primary.id(), host, size, List.of(), Set.of());
    }

    /** The host loses power. */
    public void kill(HostId host) {
        hypervisor.kill(host);
        sync.hostDown(host);
        probe.set(host, FakeHostProbe.Answer.REFUSED);
    }

    /** The host is cut off from everybody, and what runs there goes on. */
    public void partition(HostId host) {
        hypervisor.partition(host);
        sync.hostDown(host);
        probe.set(host, FakeHostProbe.Answer.SILENT);
    }

    /** The host can be reached again; what ran on a killed one is stopped. */
    public void bringBack(HostId host) {
        hypervisor.bringBack(host);
        sync.hostUp(host);
        probe.set(host, FakeHostProbe.Answer.ALIVE);
    }

    /** The disks of all instances. */
    public FakeDisks disks() {
        return disks;
    }

    /** What the platform says of hosts and virtual machines. */
    public FakeInventory inventory() {
        return inventory;
    }

    /** What creates and runs instances. */
    public FakeHypervisor hypervisor() {
        return hypervisor;
    }

    /** What replicates. */
    public FakeSyncEngine sync() {
        return sync;
    }

    /** What asks hosts for a sign of life. */
    public FakeHostProbe probe() {
        return probe;
    }

    /** What holds verdicts of hosts. */
    public FakeFailureDetector detector() {
        return detector;
    }

    /** What sends clients to instances. */
    public FakeTrafficDirector traffic() {
        return traffic;
    }

    /** What cuts instances off. */
    public FakeFencer fencer() {
        return fencer;
    }
}
