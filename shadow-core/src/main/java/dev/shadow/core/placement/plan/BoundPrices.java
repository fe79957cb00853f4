package dev.shadow.core.placement.plan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The multipliers of a lower bound and what they prove. In a group they are laid out zone by zone, dimension by dimension; the
 * prices of opening a host have one more, for disk.
 */
final class BoundPrices {
    final FleetInstance fleet;
    final HostGroups groups;
    final int width;
    final double[] lambda;
    final double[] opening;

    BoundPrices(FleetInstance fleet, HostGroups groups) {
        this.fleet = fleet;
        this.groups = groups;
        width = fleet.zones * fleet.dimensions;
        lambda = new double[groups.count * width];
        opening = new double[groups.count * fleet.licences.size() * (width + 1)];
    }

    /** Rounding must not let a sum of multipliers exceed what it stands for, so all are a little less. */
    BoundCertificate certificate() {
        return new BoundCertificate(shrunk(lambda), new double[lambda.length], shrunk(opening));
    }

    private static double[] shrunk(double[] values) {
        return Arrays.stream(values).map(x -> x * (1 - 1e-12)).toArray();
    }

    int openingAt(int g, int l) {
        return (g * fleet.licences.size() + l) * (width + 1);
    }

    /** Loads that machines put on groups when each takes the group that is cheapest for it, in the layout of the multipliers. */
    static final class Loads {
        final double[] lambda;
        final double[] opening;

        Loads(BoundPrices prices) {
            lambda = new double[prices.lambda.length];
            opening = new double[prices.opening.length];
        }
    }

    /** Returns the bound; adds the loads at which it is attained, its slope in every multiplier, to {@code loads}. */
    double bound(@Nullable Loads loads) {
        double total = 0;
        for (int v = 0; v < fleet.vms; v++) {
            int shadows = fleet.slotStart[v + 1] - fleet.slotStart[v];
            if (shadows > 0) {
                total += bound(v, shadows, loads);
            }
        }
        return total;
    }

    private double bound(int v, int shadows, @Nullable Loads loads) {
        double first = Double.POSITIVE_INFINITY;
        double other = Double.POSITIVE_INFINITY;
        int firstGroup = -1;
        int otherGroup = -1;
        for (int g = 0; g < groups.count; g++) {
            int host = groups.first[g];
            if ((fleet.vmZones[v] >> fleet.hostZone[host] & 1) == 0) {
                continue;
            }
            double alone = standing(v, g, host) + openingDisk(v, g, host);
            double leading = alone + failover(v, g, host);
            if (leading < first) {
                first = leading;
                firstGroup = g;
            }
            if (alone < other) {
                other = alone;
                otherGroup = g;
            }
        }
        if (firstGroup < 0) {
            return 0;
        }
        if (loads != null) {
            addLoads(v, firstGroup, otherGroup, shadows, loads);
        }
        return first + (shadows - 1) * other;
    }

    private double standing(int v, int g, int host) {
        int seenOn = host;
        for (int before : fleet.previous[v]) {
            seenOn = groups.groupOf[before] == g ? before : seenOn;
        }
        return (double) fleet.vmStandbyCpu[v] * fleet.cpuPrice[host]
                + (double) fleet.vmStandbyMemory[v] * fleet.memoryPrice[host]
                + (double) fleet.vmDisk[v] * fleet.diskPrice[host]
                + fleet.linkCost(v, seenOn);
    }

    private boolean opens(int v, int host) {
        int l = fleet.vmLicence[v];
        return l >= 0 && (fleet.licensedMask[host] >> l & 1) == 0;
    }

    private double openingDisk(int v, int g, int host) {
        return opens(v, host) ? opening[openingAt(g, fleet.vmLicence[v]) + width] * fleet.vmDisk[v] : 0;
    }

    private double failover(int v, int g, int host) {
        if (fleet.vmTier[v] < 3) {
            return 0;
        }
        int at = fleet.hostZone[fleet.vmHost[v]] * fleet.dimensions;
        int extra = v * fleet.dimensions;
        int opened = opens(v, host) ? openingAt(g, fleet.vmLicence[v]) + at : -1;
        double sum = 0;
        for (int d = 0; d < fleet.dimensions; d++) {
            double price = lambda[g * width + at + d] + (opened < 0 ? 0 : opening[opened + d]);
            sum += price * fleet.extra[extra + d];
        }
        return sum;
    }

    private void addLoads(int v, int firstGroup, int otherGroup, int shadows, Loads loads) {
        if (fleet.vmTier[v] >= 3) {
            int at = fleet.hostZone[fleet.vmHost[v]] * fleet.dimensions;
            boolean opened = opens(v, groups.first[firstGroup]);
            for (int d = 0; d < fleet.dimensions; d++) {
                int extra = fleet.extra[v * fleet.dimensions + d];
                loads.lambda[firstGroup * width + at + d] += extra;
                if (opened) {
                    loads.opening[openingAt(firstGroup, fleet.vmLicence[v]) + at + d] += extra;
                }
            }
        }
        addDisk(v, firstGroup, 1, loads);
        addDisk(v, otherGroup, shadows - 1, loads);
    }

    private void addDisk(int v, int g, int times, Loads loads) {
        if (opens(v, groups.first[g])) {
            loads.opening[openingAt(g, fleet.vmLicence[v]) + width] += (double) times * fleet.vmDisk[v];
        }
    }
}
