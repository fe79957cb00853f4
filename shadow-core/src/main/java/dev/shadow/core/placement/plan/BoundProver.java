package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BudgetMeter;

/** Finds certificates of a lower bound on the cost of any plan of a fleet. Immutable, so it may be shared. */
public final class BoundProver {
    private final FleetInstance fleet;

    private BoundProver(FleetInstance fleet) {
        this.fleet = fleet;
    }

    /** Returns a prover for the fleet. */
    public static BoundProver of(FleetInstance fleet) {
        return new BoundProver(fleet);
    }

    /**
     * Raises a lower bound until a part of a budget is used. A step is one look at every machine, so a meter of steps alone gives
     * the same certificate everywhere. At least one step is made.
     *
     * @param meter says how much of the budget is used
     * @param until the part of the budget to use, above 0 to 1
     */
    public BoundCertificate prove(BudgetMeter meter, double until) {
        return new BoundSearch(fleet).run(meter, until);
    }
}
