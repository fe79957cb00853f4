package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BudgetMeter;

/**
 * Raises a lower bound by mirror ascent: multipliers are shares of what a reserve or an opening costs, and the share of an
 * event grows exponentially with the load that it has been found to bring (Beck and Teboulle, "Mirror descent and nonlinear
 * projected subgradient methods", Operations Research Letters 31, 2003). Shares are never negative and never sum to more
 * than the whole, so the bound is valid at every step, and the best is kept.
 */
final class BoundSearch {
    private static final double STEP = 0.1;

    private final FleetInstance fleet;
    private final HostGroups groups;
    private final BoundPrices prices;
    private final double[] lambdaSum;
    private final double[] openingSum;

    BoundSearch(FleetInstance fleet) {
        this.fleet = fleet;
        groups = HostGroups.of(fleet);
        prices = new BoundPrices(fleet, groups);
        lambdaSum = new double[prices.lambda.length];
        openingSum = new double[prices.opening.length];
    }

    /** Improves the bound until {@code until} of the budget is used; a step of the budget is one look at every machine. */
    BoundCertificate run(BudgetMeter meter, double until) {
        BoundPrices mean = new BoundPrices(fleet, groups);
        share(1);
        BoundPrices best = copy(prices);
        double bestValue = Double.NEGATIVE_INFINITY;
        for (int k = 1; k == 1 || meter.used(k) < until; k++) {
            BoundPrices.Loads loads = new BoundPrices.Loads(prices);
            double value = prices.bound(loads);
            if (value > bestValue) {
                bestValue = value;
                best = copy(prices);
            }
            add(lambdaSum, loads.lambda);
            add(openingSum, loads.opening);
            average(mean.lambda, prices.lambda, k);
            average(mean.opening, prices.opening, k);
            share(k);
        }
        return (mean.bound(null) > bestValue ? mean : best).certificate();
    }

    private static void add(double[] sum, double[] values) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i];
        }
    }

    /** A mean in which later values weigh more. */
    private static void average(double[] mean, double[] values, int k) {
        double weight = 3.0 / (k + 2);
        for (int i = 0; i < mean.length; i++) {
            mean[i] += Math.min(1, weight) * (values[i] - mean[i]);
        }
    }

    private BoundPrices copy(BoundPrices from) {
        BoundPrices copy = new BoundPrices(fleet, groups);
        System.arraycopy(from.lambda, 0, copy.lambda, 0, copy.lambda.length);
        System.arraycopy(from.opening, 0, copy.opening, 0, copy.opening.length);
        return copy;
    }

    private void share(int k) {
        double sharpness = STEP * Math.sqrt(k);
        for (int g = 0; g < groups.count; g++) {
            int host = groups.first[g];
            share(g, false, fleet.cpuPrice[host], sharpness);
            share(g, true, fleet.memoryPrice[host], sharpness);
            for (int l = 0; l < fleet.licences.size(); l++) {
                shareOpening(g, l, host, sharpness);
            }
        }
    }

    /** Shares a group's price of cpu, or of memory, between zones and periods. */
    private void share(int g, boolean memory, double price, double sharpness) {
        int dims = fleet.dimensions;
        double most = 0;
        double sum = 0;
        for (int i = 0; i < prices.width; i++) {
            if ((i % dims == dims - 1) == memory) {
                most = Math.max(most, lambdaSum[g * prices.width + i]);
                sum += lambdaSum[g * prices.width + i];
            }
        }
        double scale = sum == 0 ? 0 : sharpness * steepness(memory) / sum;
        double total = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < prices.width; i++) {
                int at = g * prices.width + i;
                if ((i % dims == dims - 1) == memory) {
                    double weight = Math.exp(scale * (lambdaSum[at] - most));
                    total += pass == 0 ? weight : 0;
                    prices.lambda[at] = price * weight / total;
                }
            }
        }
    }

    private double steepness(boolean memory) {
        return memory ? 8 * fleet.zones : 8 * fleet.zones * fleet.periods;
    }

    /** Shares the price of opening a host for a product between its events and its disk; what nobody uses is not shared out. */
    private void shareOpening(int g, int l, int host, double sharpness) {
        int from = prices.openingAt(g, l);
        double whole =
                (double) fleet.licenceUnits[l][host] * fleet.licences.get(l).unitPrice();
        double most = 0;
        double sum = 0;
        for (int i = 0; i <= prices.width; i++) {
            double part = capacity(g, i) <= 0 ? 0 : openingSum[from + i] / capacity(g, i);
            most = Math.max(most, part);
            sum += part;
        }
        double scale = sum == 0 ? 0 : sharpness * 8 * prices.width / sum;
        double total = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i <= prices.width; i++) {
                double room = capacity(g, i);
                if (room > 0) {
                    double weight = Math.exp(scale * (openingSum[from + i] / room - most));
                    total += pass == 0 ? weight : 0;
                    prices.opening[from + i] = whole * weight / total / room;
                }
            }
        }
    }

    private double capacity(int g, int i) {
        return i == prices.width ? groups.maxDisk[g] : groups.maxFree[g * fleet.dimensions + i % fleet.dimensions];
    }
}
