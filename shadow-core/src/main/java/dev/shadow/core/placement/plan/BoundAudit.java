package dev.shadow.core.placement.plan;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Says what a certificate proves of a fleet, from the multipliers alone: no solver, and no code in common with the search that
 * found them. Costs machines x groups x zones' dimensions. Immutable.
 */
public final class BoundAudit {
    /** Sums of up to some million terms, none negative, are right to this part; the bound is lowered by it. */
    private static final double ROUNDING = 1e-9;

    private final FleetInstance fleet;
    private final int dims;
    private final int width;
    private final int products;
    private final int[] groupOf;
    private final List<Integer> first;

    private BoundAudit(FleetInstance fleet) {
        this.fleet = fleet;
        dims = fleet.periods() + 1;
        width = fleet.zoneCount() * dims;
        products = fleet.licences().size();
        groupOf = new int[fleet.hostCount()];
        Map<List<Object>, Integer> firstOf = new LinkedHashMap<>();
        for (int h = 0; h < groupOf.length; h++) {
            firstOf.putIfAbsent(likeness(h), h);
        }
        first = List.copyOf(firstOf.values());
        for (int h = 0; h < groupOf.length; h++) {
            groupOf[h] = first.indexOf(firstOf.get(likeness(h)));
        }
    }

    /** Returns an audit of certificates of the fleet. */
    public static BoundAudit of(FleetInstance fleet) {
        return new BoundAudit(fleet);
    }

    private List<Object> likeness(int h) {
        HostType type = fleet.typeOf(h);
        List<Integer> licensed = IntStream.range(0, products)
                .filter(l -> fleet.licences().get(l).licensedHosts().contains(h))
                .boxed()
                .toList();
        return List.of(
                fleet.zoneOf(h),
                type.cpuPrice(),
                type.memoryPrice(),
                type.diskPrice(),
                type.cores(),
                type.sockets(),
                licensed);
    }

    /**
     * Returns the proven lower bound in micro-credits per hour: no plan costs less.
     *
     * @throws InvalidValueException if the certificate is of another fleet, its multipliers cost more than what they stand for, or
     *     a machine's shadow can be nowhere, so that there is no plan
     */
    public double audit(BoundCertificate certificate) {
        if (certificate.reserve.length != first.size() * width
                || certificate.opening.length != first.size() * products * (width + 1)) {
            throw new InvalidValueException("certificate", "of another fleet", "be of fleet " + fleet.name());
        }
        Rooms rooms = new Rooms();
        double room = 0;
        double[][] standing = new double[first.size()][2];
        for (int g = 0; g < first.size(); g++) {
            HostType type = fleet.typeOf(first.get(g));
            double[] spent = sums(certificate.reserve, g * width);
            atMost("lambdaCpu[" + g + "]", spent[0], type.cpuPrice());
            atMost("lambdaMem[" + g + "]", spent[1], type.memoryPrice());
            for (int l = 0; l < products; l++) {
                double whole = (double) fleet.licences().get(l).units(type)
                        * fleet.licences().get(l).unitPrice();
                atMost("nu[" + g + "][" + l + "]", rooms.spent(certificate, g, l), whole);
            }
            standing[g] = sums(certificate.room, g * width);
            for (int i = 0; i < width; i++) {
                room += certificate.room[g * width + i] * rooms.free[g][i % dims];
            }
        }
        double total = 0;
        for (int v = 0; v < fleet.vmCount(); v++) {
            total += least(certificate, v, standing);
        }
        return total - room - ROUNDING * (total + Math.abs(room));
    }

    private static void atMost(String field, double sum, double most) {
        if (!(sum <= most * (1 + ROUNDING))) {
            throw new InvalidValueException(field, Double.toString(sum), "cost at most " + most);
        }
    }

    private double[] sums(double[] values, int from) {
        double[] sums = new double[2];
        for (int i = 0; i < width; i++) {
            sums[i % dims < dims - 1 ? 0 : 1] += values[from + i];
        }
        return sums;
    }

    private double least(BoundCertificate certificate, int v, double[][] standing) {
        ProtectedVm vm = fleet.vm(v);
        if (vm.shadows() == 0) {
            return 0;
        }
        double leading = Double.POSITIVE_INFINITY;
        double following = Double.POSITIVE_INFINITY;
        for (int g = 0; g < first.size(); g++) {
            OptionalDouble alone = following(certificate, vm, v, g, standing[g]);
            if (alone.isPresent()) {
                following = Math.min(following, alone.getAsDouble());
                leading = Math.min(leading, alone.getAsDouble() + failover(certificate, vm, v, g));
            }
        }
        if (following == Double.POSITIVE_INFINITY) {
            throw new InvalidValueException("vms[" + v + "]", "without", "have a zone that may take its shadow");
        }
        return leading + (vm.shadows() - 1) * following;
    }

    /** What a shadow that is never the first to take over costs at least in a group; empty where it must not be. */
    private OptionalDouble following(BoundCertificate certificate, ProtectedVm vm, int v, int g, double[] standing) {
        int host = first.get(g);
        int zone = fleet.zoneOf(host);
        if ((apart(vm) && zone == fleet.zoneOf(vm.host()))
                || fleet.latencyMicros(zone, vm.peerZone()) > vm.latencyBudgetMicros()
                || (vm.licence() >= 0
                        && !fleet.licences().get(vm.licence()).allowedZones().contains(zone))) {
            return OptionalDouble.empty();
        }
        int seen =
                vm.previous().stream().filter(h -> groupOf[h] == g).findFirst().orElse(host);
        HostType type = fleet.typeOf(host);
        return OptionalDouble.of(vm.standbyCpu() * (type.cpuPrice() + standing[0])
                + vm.standbyMemory() * (type.memoryPrice() + standing[1])
                + (double) vm.disk() * type.diskPrice()
                + fleet.linkCost(v, seen)
                + (opens(vm, host) ? certificate.opening[opening(g, vm.licence()) + width] * vm.disk() : 0));
    }

    private double failover(BoundCertificate certificate, ProtectedVm vm, int v, int g) {
        if (!apart(vm)) {
            return 0;
        }
        int zone = fleet.zoneOf(vm.host()) * dims;
        double sum = 0;
        for (int d = 0; d < dims; d++) {
            double price = certificate.reserve[g * width + zone + d] + certificate.room[g * width + zone + d];
            if (opens(vm, first.get(g))) {
                price += certificate.opening[opening(g, vm.licence()) + zone + d];
            }
            int standby = d < dims - 1 ? vm.standbyCpu() : vm.standbyMemory();
            int demand = d < dims - 1 ? fleet.demand(v, d) : vm.memory();
            sum += price * Math.max(0, demand - standby);
        }
        return sum;
    }

    private static boolean apart(ProtectedVm vm) {
        return vm.tier() == ProtectedVm.Tier.ZONE;
    }

    private boolean opens(ProtectedVm vm, int host) {
        return vm.licence() >= 0
                && !fleet.licences().get(vm.licence()).licensedHosts().contains(host);
    }

    private int opening(int g, int l) {
        return (g * products + l) * (width + 1);
    }

    /** What primaries leave free: of a whole group, and at most of one of its hosts. */
    private final class Rooms {
        final double[][] free = new double[first.size()][dims];
        final double[][] most = new double[first.size()][dims + 1];

        Rooms() {
            double[][] left = new double[groupOf.length][dims];
            for (int h = 0; h < groupOf.length; h++) {
                Arrays.fill(left[h], fleet.typeOf(h).cpu());
                left[h][dims - 1] = fleet.typeOf(h).memory();
            }
            for (int v = 0; v < fleet.vmCount(); v++) {
                for (int d = 0; d < dims; d++) {
                    left[fleet.vm(v).host()][d] -=
                            d < dims - 1 ? fleet.demand(v, d) : fleet.vm(v).memory();
                }
            }
            for (int h = 0; h < groupOf.length; h++) {
                int g = groupOf[h];
                most[g][dims] = Math.max(most[g][dims], fleet.typeOf(h).disk());
                for (int d = 0; d < dims; d++) {
                    free[g][d] += left[h][d];
                    most[g][d] = Math.max(most[g][d], left[h][d]);
                }
            }
        }

        double spent(BoundCertificate certificate, int g, int l) {
            double sum = 0;
            for (int i = 0; i <= width; i++) {
                sum += certificate.opening[opening(g, l) + i] * most[g][i == width ? dims : i % dims];
            }
            return sum;
        }
    }
}
