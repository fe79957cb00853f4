package dev.shadow.core.placement.plan;

/** How many shadows of each product every host carries, and how many units of the pools that takes. Not thread-safe. */
final class LicenceUse {
    private final FleetInstance fleet;
    private final int[] count;
    private final int[] used;

    LicenceUse(FleetInstance fleet) {
        this.fleet = fleet;
        count = new int[fleet.licences.size() * fleet.hosts];
        used = new int[fleet.licences.size()];
    }

    /** Whether a host carries the product, or was licensed before the plan. */
    boolean carries(int l, int h) {
        return count[l * fleet.hosts + h] > 0 || wasLicensed(l, h);
    }

    private boolean wasLicensed(int l, int h) {
        return (fleet.licensedMask[h] >> l & 1) != 0;
    }

    private long price(int l, int h) {
        return (long) fleet.licenceUnits[l][h] * fleet.licences.get(l).unitPrice();
    }

    /** Cost of bringing a machine's product to a host; {@link ReserveState#IMPOSSIBLE} if the pool has not enough. */
    long opening(int v, int h) {
        int l = fleet.vmLicence[v];
        if (l < 0 || carries(l, h)) {
            return 0;
        }
        if (used[l] + fleet.licenceUnits[l][h] > fleet.licences.get(l).poolUnits()) {
            return ReserveState.IMPOSSIBLE;
        }
        return price(l, h);
    }

    /** What is saved when the machine's shadow leaves the host. */
    long closing(int v, int h) {
        int l = fleet.vmLicence[v];
        return l < 0 || count[l * fleet.hosts + h] != 1 || wasLicensed(l, h) ? 0 : price(l, h);
    }

    /** Counts a shadow of the machine on the host; returns what that costs. */
    long add(int v, int h) {
        int l = fleet.vmLicence[v];
        if (l < 0 || count[l * fleet.hosts + h]++ > 0 || wasLicensed(l, h)) {
            return 0;
        }
        used[l] += fleet.licenceUnits[l][h];
        return price(l, h);
    }

    /** Takes a shadow of the machine off the host; returns what that saves. */
    long remove(int v, int h) {
        int l = fleet.vmLicence[v];
        if (l < 0 || --count[l * fleet.hosts + h] > 0 || wasLicensed(l, h)) {
            return 0;
        }
        used[l] -= fleet.licenceUnits[l][h];
        return price(l, h);
    }

    /** Units that the plan takes from a product's pool. */
    int unitsUsed(int l) {
        return used[l];
    }

    boolean withinPool(int l) {
        return l < 0 || used[l] <= fleet.licences.get(l).poolUnits();
    }
}
