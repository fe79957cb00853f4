package dev.shadow.core.placement.plan;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Collects a fleet and checks it as a whole. What is added is numbered from 0 in the order in which it is added. A
 * refused value is named by the path it has in a {@code shadow-placement/1} document. Not thread-safe.
 */
public final class FleetInstanceBuilder {
    private static final int MAX_ZONES = 31;
    private static final int MAX_PRODUCTS = 31;
    private static final double MAX_OBJECTIVE = 4e18;

    String name = "fleet";
    int periods = 1;
    int[][] latencyMicros = {};
    int[][] transferPrice = {};
    int hostFailures = 1;
    int horizonHours = 1;
    int movePrice;
    final List<Integer> rackZones = new ArrayList<>();
    final List<Integer> hostRacks = new ArrayList<>();
    final List<Integer> hostTypes = new ArrayList<>();
    final List<HostType> types = new ArrayList<>();
    final List<LicenceProduct> licences = new ArrayList<>();
    final List<int[]> profiles = new ArrayList<>();
    final List<ProtectedVm> vms = new ArrayList<>();

    FleetInstanceBuilder() {}

    /** Names the fleet. */
    public FleetInstanceBuilder name(String given) {
        name = Objects.requireNonNull(given, "name");
        return this;
    }

    /** Sets the number of forecast periods, 1 to 1000. */
    public FleetInstanceBuilder periods(int count) {
        periods = Refusals.inRange("periods", count, 1, 1000);
        return this;
    }

    /**
     * Sets the zones by their square tables.
     *
     * @param latency from zone to zone in microseconds
     * @param price micro-credits per GiB moved from zone to zone
     */
    public FleetInstanceBuilder zones(int[][] latency, int[][] price) {
        Refusals.inRange("azs.count", latency.length, 1, MAX_ZONES);
        latencyMicros = square("azs.latencyUs", latency, latency.length, Integer.MAX_VALUE);
        transferPrice = square("azs.transferPrice", price, latency.length, Refusals.MAX_PRICE);
        return this;
    }

    private static int[][] square(String field, int[][] table, int size, int max) {
        if (table.length != size) {
            throw new InvalidValueException(
                    field, table.length + " rows", "have a row for each of the " + size + " zones");
        }
        int[][] copy = new int[size][];
        for (int a = 0; a < size; a++) {
            if (table[a].length != size) {
                throw new InvalidValueException(
                        field + "[" + a + "]",
                        table[a].length + " values",
                        "have a value for each of the " + size + " zones");
            }
            for (int b = 0; b < size; b++) {
                Refusals.inRange(field + "[" + a + "][" + b + "]", table[a][b], 0, max);
            }
            copy[a] = table[a].clone();
        }
        return copy;
    }

    /** Adds a rack in a zone. */
    public FleetInstanceBuilder rack(int zone) {
        rackZones.add(zone);
        return this;
    }

    /** Adds a type of hosts. */
    public FleetInstanceBuilder hostType(HostType type) {
        types.add(Objects.requireNonNull(type, "type"));
        return this;
    }

    /** Adds a host of a type in a rack. */
    public FleetInstanceBuilder host(int rack, int type) {
        hostRacks.add(rack);
        hostTypes.add(type);
        return this;
    }

    /** Adds a product. */
    public FleetInstanceBuilder licence(LicenceProduct product) {
        licences.add(Objects.requireNonNull(product, "product"));
        return this;
    }

    /** Adds a forecast profile: per mille of the peak for each period, 0 to 1000000. */
    public FleetInstanceBuilder profile(int... perMille) {
        profiles.add(perMille.clone());
        return this;
    }

    /** Sets how many hosts may fail at once, 1 or 2; any one zone and any one rack may fail in any case. */
    public FleetInstanceBuilder hostFailures(int count) {
        hostFailures = Refusals.inRange("failures.hosts", count, 1, 2);
        return this;
    }

    /**
     * Sets the price of changes.
     *
     * @param hours over which the copy that seeds a new shadow is spread, at least 1
     * @param move micro-credits per hour for a shadow that is not where it was
     */
    public FleetInstanceBuilder weights(int hours, int move) {
        horizonHours = Refusals.inRange("weights.horizonHours", hours, 1, Refusals.MAX_QUANTITY);
        movePrice = Refusals.price("weights.movePrice", move);
        return this;
    }

    /** Adds a machine. */
    public FleetInstanceBuilder vm(ProtectedVm vm) {
        vms.add(Objects.requireNonNull(vm, "vm"));
        return this;
    }

    /**
     * Returns the fleet.
     *
     * @throws InvalidValueException if it makes no sense as a whole: names the first such field
     */
    public FleetInstance build() {
        checkTopology();
        checkLicences();
        for (int p = 0; p < profiles.size(); p++) {
            checkProfile("profiles[" + p + "]", profiles.get(p));
        }
        for (int v = 0; v < vms.size(); v++) {
            checkVm(v, vms.get(v));
        }
        FleetInstance fleet = new FleetInstance(this);
        checkSums(fleet);
        return fleet;
    }

    private void checkTopology() {
        Refusals.inRange("azs.count", latencyMicros.length, 1, MAX_ZONES);
        for (int r = 0; r < rackZones.size(); r++) {
            Refusals.index("racks.az[" + r + "]", rackZones.get(r), latencyMicros.length, "zones");
        }
        int[] hostsIn = new int[latencyMicros.length];
        for (int h = 0; h < hostRacks.size(); h++) {
            Refusals.index("hosts.rack[" + h + "]", hostRacks.get(h), rackZones.size(), "racks");
            Refusals.index("hosts.type[" + h + "]", hostTypes.get(h), types.size(), "host types");
            hostsIn[rackZones.get(hostRacks.get(h))]++;
        }
        for (int z = 0; z < hostsIn.length; z++) {
            if (hostsIn[z] == 0) {
                throw new InvalidValueException("azs[" + z + "]", "none", "have a host");
            }
        }
    }

    private void checkLicences() {
        Refusals.inRange("licences.length", licences.size(), 0, MAX_PRODUCTS);
        for (int l = 0; l < licences.size(); l++) {
            for (int zone : licences.get(l).allowedZones()) {
                Refusals.index("licences[" + l + "].allowedAz", zone, latencyMicros.length, "zones");
            }
            for (int host : licences.get(l).licensedHosts()) {
                Refusals.index("licences[" + l + "].licensedHosts", host, hostRacks.size(), "hosts");
            }
        }
    }

    private void checkProfile(String field, int[] perMille) {
        if (perMille.length != periods) {
            throw new InvalidValueException(
                    field, perMille.length + " values", "have a value for each of the " + periods + " periods");
        }
        for (int t = 0; t < periods; t++) {
            Refusals.inRange(field + "[" + t + "]", perMille[t], 0, 1_000_000);
        }
    }

    private void checkVm(int v, ProtectedVm vm) {
        String at = "[" + v + "]";
        Refusals.index("vms.host" + at, vm.host(), hostRacks.size(), "hosts");
        Refusals.index("vms.profile" + at, vm.profile(), profiles.size(), "profiles");
        Refusals.index("vms.peerAz" + at, vm.peerZone(), latencyMicros.length, "zones");
        if (vm.licence() >= 0) {
            Refusals.index("vms.licence" + at, vm.licence(), licences.size(), "licences");
        }
        int allZones = (int) ((1L << latencyMicros.length) - 1);
        if ((vm.dataZones() & ~allZones) != 0 || (vm.dataZones() == 0 && vm.shadows() > 0)) {
            throw new InvalidValueException(
                    "vms.dataAz" + at,
                    Integer.toString(vm.dataZones()),
                    "have a bit for at least one of the " + latencyMicros.length + " zones and no other");
        }
        long worst = 0;
        for (int perMille : profiles.get(vm.profile())) {
            worst = Math.max(worst, ((long) vm.cpu() * perMille + 999) / 1000);
        }
        if (worst > Refusals.MAX_QUANTITY) {
            throw new InvalidValueException(
                    "vms.cpu" + at, vm.cpu() + " with a demand of " + worst, "stay at most " + Refusals.MAX_QUANTITY);
        }
        Set<Integer> seen = new HashSet<>();
        for (int p = 0; p < vm.previous().size(); p++) {
            String field = "vms.prevShadows" + at + "[" + p + "]";
            int host = Refusals.index(field, vm.previous().get(p), hostRacks.size(), "hosts");
            if (!seen.add(host)) {
                throw new InvalidValueException(field, Integer.toString(host), "name every host once");
            }
        }
    }

    /** A plan's cost is summed in a {@code long}, a host's primaries in an {@code int}. */
    private static void checkSums(FleetInstance f) {
        double most = 0;
        for (int h = 0; h < f.hosts; h++) {
            HostType type = f.typeOf(h);
            most += (double) type.cpu() * type.cpuPrice()
                    + (double) type.memory() * type.memoryPrice()
                    + (double) type.disk() * type.diskPrice();
            for (int[] units : f.licenceUnits) {
                most += (double) units[h] * Refusals.MAX_PRICE;
            }
        }
        long[] load = new long[f.hosts * f.dimensions];
        for (int v = 0; v < f.vms; v++) {
            double dearest = 0;
            for (int z = 0; z < f.zones; z++) {
                dearest = Math.max(dearest, (double) f.seedLink[v * f.zones + z]);
            }
            most += dearest * (f.slotStart[v + 1] - f.slotStart[v]);
            for (int d = 0; d < f.dimensions; d++) {
                load[f.vmHost[v] * f.dimensions + d] += f.demand[v * f.dimensions + d];
            }
        }
        if (most > MAX_OBJECTIVE) {
            throw new InvalidValueException(
                    "weights", "a cost of " + most, "keep the largest cost below " + MAX_OBJECTIVE);
        }
        for (int i = 0; i < load.length; i++) {
            if (load[i] > Refusals.MAX_QUANTITY) {
                throw new InvalidValueException(
                        "hosts[" + i / f.dimensions + "]",
                        "primaries that need " + load[i],
                        "carry primaries of at most " + Refusals.MAX_QUANTITY);
            }
        }
    }
}
