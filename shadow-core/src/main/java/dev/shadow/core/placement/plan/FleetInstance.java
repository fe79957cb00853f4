package dev.shadow.core.placement.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A fleet whose shadows are to be placed: topology, prices, licences, and every machine with its forecast. Immutable, so
 * it may be shared between threads.
 *
 * <p>Held as flat arrays: a planner looks at a machine's demand some hundred million times. A <em>dimension</em> is one
 * period of cpu, or memory, which comes last; demand of machine {@code v} in dimension {@code d} is at
 * {@code v * dimensions + d}.
 */
public final class FleetInstance {
    final String name;
    final int periods;
    final int dimensions;
    final int zones;
    final int racks;
    final int hosts;
    final int vms;
    final int[][] latencyMicros;
    final int[][] transferPrice;
    final int[] rackZone;
    final int[] hostRack;
    final int[] hostZone;
    final int[] hostType;
    final int[] cpuPrice;
    final int[] memoryPrice;
    final int[] diskPrice;
    final List<HostType> types;
    final List<LicenceProduct> licences;
    final int[] licensedMask;
    final int[][] licenceUnits;
    final boolean pairs;
    final int horizonHours;
    final int movePrice;
    final List<ProtectedVm> machines;
    final int[][] profiles;

    final int[] vmHost;
    final int[] vmTier;
    final int[] vmLicence;
    final int[] vmGroup;
    final int[] vmDisk;
    final int[] vmStandbyCpu;
    final int[] vmStandbyMemory;
    final int[] vmZones;
    final int[] demand;
    final int[] extra;
    final int[] slotStart;
    final int[] slotVm;
    final long[] seedLink;
    final long[] syncLink;
    final int[][] previous;
    final int[] previousFirst;
    final int[][] groupMembers;

    FleetInstance(FleetInstanceBuilder from) {
        name = from.name;
        periods = from.periods;
        dimensions = periods + 1;
        latencyMicros = from.latencyMicros;
        transferPrice = from.transferPrice;
        zones = latencyMicros.length;
        rackZone = FleetColumns.ints(from.rackZones);
        racks = rackZone.length;
        hostRack = FleetColumns.ints(from.hostRacks);
        hostType = FleetColumns.ints(from.hostTypes);
        hosts = hostRack.length;
        types = List.copyOf(from.types);
        licences = List.copyOf(from.licences);
        profiles = from.profiles.toArray(int[][]::new);
        machines = List.copyOf(from.vms);
        vms = machines.size();
        pairs = from.hostFailures == 2;
        horizonHours = from.horizonHours;
        movePrice = from.movePrice;

        hostZone = new int[hosts];
        cpuPrice = new int[hosts];
        memoryPrice = new int[hosts];
        diskPrice = new int[hosts];
        for (int h = 0; h < hosts; h++) {
            HostType type = types.get(hostType[h]);
            hostZone[h] = rackZone[hostRack[h]];
            cpuPrice[h] = type.cpuPrice();
            memoryPrice[h] = type.memoryPrice();
            diskPrice[h] = type.diskPrice();
        }
        licensedMask = FleetColumns.licensedMask(this);
        licenceUnits = FleetColumns.licenceUnits(this);

        FleetColumns columns = new FleetColumns(this);
        vmHost = columns.host;
        vmTier = columns.tier;
        vmLicence = columns.licence;
        vmGroup = columns.group;
        vmDisk = columns.disk;
        vmStandbyCpu = columns.standbyCpu;
        vmStandbyMemory = columns.standbyMemory;
        vmZones = columns.zoneMask;
        demand = columns.demand;
        extra = columns.extra;
        slotStart = columns.slotStart;
        slotVm = columns.slotVm;
        seedLink = columns.seedLink;
        syncLink = columns.syncLink;
        previous = columns.previous;
        previousFirst = columns.previousFirst;
        groupMembers = columns.groupMembers;
    }

    /** Starts a fleet. */
    public static FleetInstanceBuilder builder() {
        return new FleetInstanceBuilder();
    }

    /** Name for messages and files. */
    public String name() {
        return name;
    }

    /** Number of periods of a day for which there is a forecast. */
    public int periods() {
        return periods;
    }

    /** Number of zones. */
    public int zoneCount() {
        return zones;
    }

    /** Number of racks. */
    public int rackCount() {
        return racks;
    }

    /** Number of hosts. */
    public int hostCount() {
        return hosts;
    }

    /** Number of machines, protected or not. */
    public int vmCount() {
        return vms;
    }

    /** Number of shadows that a complete plan places. */
    public int shadowCount() {
        return slotVm.length;
    }

    /** How many hosts may fail at once: 1 or 2. */
    public int hostFailures() {
        return pairs ? 2 : 1;
    }

    /** Zone of a host. */
    public int zoneOf(int host) {
        return hostZone[Objects.checkIndex(host, hosts)];
    }

    /** Rack of a host. */
    public int rackOf(int host) {
        return hostRack[Objects.checkIndex(host, hosts)];
    }

    /** Zone of a rack. */
    public int zoneOfRack(int rack) {
        return rackZone[Objects.checkIndex(rack, racks)];
    }

    /** Type of a host. */
    public HostType typeOf(int host) {
        return types.get(hostType[Objects.checkIndex(host, hosts)]);
    }

    /** A machine. */
    public ProtectedVm vm(int vm) {
        return machines.get(vm);
    }

    /** The products. */
    public List<LicenceProduct> licences() {
        return licences;
    }

    /** Latency between two zones in microseconds. */
    public int latencyMicros(int zone, int otherZone) {
        return latencyMicros[Objects.checkIndex(zone, zones)][Objects.checkIndex(otherZone, zones)];
    }

    /** Demand of a machine in a period, in hundredths of a core: the peak scaled by its profile, rounded up. */
    public int demand(int vm, int period) {
        return demand[Objects.checkIndex(vm, vms) * dimensions + Objects.checkIndex(period, periods)];
    }

    /**
     * Returns a copy with machines that now run, or used to have their shadows, elsewhere.
     *
     * @param changed the machines in order, as many as before
     */
    public FleetInstance withVms(List<ProtectedVm> changed) {
        FleetInstanceBuilder copy = copyWithoutVms();
        changed.forEach(copy::vm);
        return copy.build();
    }

    /** Returns a copy whose machines had their shadows where {@code plan} puts them. */
    public FleetInstance after(FleetPlan plan) {
        List<ProtectedVm> settled = new ArrayList<>(vms);
        for (int v = 0; v < vms; v++) {
            ProtectedVm m = machines.get(v);
            settled.add(new ProtectedVm(
                    m.host(),
                    m.tier(),
                    m.shadows(),
                    m.cpu(),
                    m.memory(),
                    m.disk(),
                    m.profile(),
                    m.standbyCpu(),
                    m.standbyMemory(),
                    m.licence(),
                    m.latencyBudgetMicros(),
                    m.peerZone(),
                    m.group(),
                    m.dataZones(),
                    m.dirty(),
                    plan.hostsOf(v)));
        }
        return withVms(settled);
    }

    private FleetInstanceBuilder copyWithoutVms() {
        FleetInstanceBuilder copy = builder()
                .name(name)
                .periods(periods)
                .zones(latencyMicros, transferPrice)
                .hostFailures(pairs ? 2 : 1)
                .weights(horizonHours, movePrice);
        for (int zone : rackZone) {
            copy.rack(zone);
        }
        types.forEach(copy::hostType);
        for (int h = 0; h < hosts; h++) {
            copy.host(hostRack[h], hostType[h]);
        }
        licences.forEach(copy::licence);
        for (int[] profile : profiles) {
            copy.profile(profile);
        }
        return copy;
    }

    long linkCost(int vm, int host) {
        int at = vm * zones + hostZone[host];
        return host == previousFirst[vm] || (previous[vm].length > 1 && wasOn(vm, host)) ? syncLink[at] : seedLink[at];
    }

    private boolean wasOn(int vm, int host) {
        for (int before : previous[vm]) {
            if (before == host) {
                return true;
            }
        }
        return false;
    }
}
